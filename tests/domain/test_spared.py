"""What a case spared, by name: every field, paper and way counts once, and only for what really happened."""

from dataclasses import replace
from typing import Any

import pytest

from app.domain.applications import Application
from app.domain.certificates import CertificateStatus, CertificateUse
from app.domain.routing import Plan
from app.domain.shared_values import Fallback, FallbackReason, Had, fallback_key, paper_key
from app.domain.sources import MaterialSource
from app.domain.spared import Spared, SparedCase, Way, counted, sentence, spared_by, summary
from app.domain.vocabulary import Means, Source
from tests.factories import Errand, catalogue, draft, paper, submitted


def named(found: tuple[Spared, ...], code: str) -> Spared | None:
    """What was spared of this field or paper, if anything."""
    return next((own for own in found if own.code == code), None)


def shared_field(plan: Plan) -> Any:
    """A field that several items ask for and a register could give."""
    return next(p for p in plan.fields if p.source.source is Source.SHARED and len(p.users) > 1)


def had(errand: Errand, code: str) -> Application:
    """The application as if a register had given this field."""
    source = next(p.source for p in errand.plan.fields if p.spec.code == code)
    given = Had(source.origin or "", "police", code, "applicant", errand.now.at)
    return replace(errand.case, had={**errand.case.had, code: given})


@pytest.mark.parametrize("story", sorted(catalogue().stories))
def test_every_story_adds_up_and_names_everything_once(story: str) -> None:
    errand = submitted(story)
    found, plan = spared_by(errand.case, errand.plan), errand.plan
    assert found.before("fields") == sum(len(planned.users) for planned in plan.fields)
    called_for = [p for p in plan.materials if p.is_needed or p.material.code in errand.case.materials]
    assert found.before("materials") == sum(len(planned.users) for planned in called_for)
    assert found.before("visits") == sum(planned.item.visits for planned in plan.items)
    for part in (found.fields, found.materials, found.visits):
        assert len({own.code for own in part}) == len(part)
        assert all(own.times > 0 for own in part)
    for own in (*found.fields, *found.materials, *found.visits):
        assert sentence(own).zh
        assert sentence(own).en
        assert "{" not in sentence(own).zh + sentence(own).en
    assert str(found.fields_left) in summary(found).zh
    assert counted(errand.case, plan)["fields_typed"] == found.fields_left
    assert errand.case.savings == counted(errand.case, plan), "kept with the application when it was filed"


def test_a_value_from_a_register_is_spared_and_one_typed_in_its_place_is_not() -> None:
    errand = submitted("birth_full")
    field = shared_field(errand.plan)
    code, users = field.spec.code, len(field.users)
    typed, given = (spared_by(case, errand.plan) for case in (errand.case, had(errand, code)))
    assert (named(typed.fields, code) or field).way is Way.ONCE
    own = named(given.fields, code)
    assert own is not None
    assert (own.way, own.times, own.at) == (Way.REGISTER, users, errand.now.at)
    assert own.by is not None
    assert given.fields_left == typed.fields_left - 1


def test_a_field_left_to_the_office_is_spared_and_one_whose_register_is_down_is_not() -> None:
    errand = submitted("birth_full")
    field = shared_field(errand.plan)
    code, dataset = field.spec.code, field.source.origin or ""
    blank = replace(errand.case, form={k: v for k, v in errand.case.form.items() if k != code})
    own = named(spared_by(blank, errand.plan).fields, code)
    assert own is not None
    assert own.way is Way.DESK
    party = field.spec.sources.party
    fallback = Fallback(dataset, party, FallbackReason.DOWN, errand.now.at)
    fallen = replace(blank, fallbacks={fallback_key(dataset, party): fallback})
    left = named(spared_by(fallen, errand.plan).fields, code)
    assert left is None or left.way is Way.ONCE


def with_facts(errand: Errand, **changes: Any) -> SparedCase:
    """What is spared with these facts about the application."""
    return spared_by(replace(errand.case, **changes), errand.plan)


def test_a_paper_is_spared_by_a_certificate_by_a_yes_and_not_when_it_was_handed_in_after_all() -> None:
    errand = submitted("birth_full")
    planned = next(p for p in errand.plan.materials if p.is_needed and p.source.origin == "marriage_certificate_cert")
    code, users = planned.material.code, len(planned.users)
    use = CertificateUse("330802-M1-20200101-100001", planned.source.origin or "", CertificateStatus.VALID)
    shared = replace(paper(code, errand.now.at), means=Means.SHARED, digest=None, certificate=use)
    own = named(with_facts(errand, materials={**errand.case.materials, code: shared}).materials, code)
    assert own is not None
    assert (own.way, own.times) == (Way.CERTIFICATE, users)
    yes = Had("marriage_register", "civil", "exists", "applicant", errand.now.at)
    own = named(with_facts(errand, checked={code: yes}).materials, code)
    assert own is not None
    assert (own.way, own.at) == (Way.CHECKED, errand.now.at)
    before = spared_by(errand.case, errand.plan).materials_left
    uploaded = with_facts(errand, materials={**errand.case.materials, code: paper(code, errand.now.at)})
    assert uploaded.materials_left == before + 1
    down = Fallback("marriage_register", "applicant", FallbackReason.DOWN, errand.now.at)
    fallen = with_facts(errand, fallbacks={paper_key(code): down})
    assert fallen.materials_left == before + 1


def test_a_paper_that_these_answers_do_not_call_for_spares_nothing() -> None:
    errand = submitted("birth_full")
    index, planned = next((i, p) for i, p in enumerate(errand.plan.materials) if p.is_needed and len(p.users) > 1)
    before = spared_by(errand.case, errand.plan)
    materials = list(errand.plan.materials)
    materials[index] = replace(planned, is_needed=False, source=MaterialSource(Means.UPLOAD))
    case = replace(
        errand.case, materials={k: v for k, v in errand.case.materials.items() if k != planned.material.code}
    )
    found = spared_by(case, replace(errand.plan, materials=tuple(materials)))
    assert found.before("materials") == before.before("materials") - len(planned.users)


def test_filing_at_a_counter_is_one_way_that_was_made() -> None:
    online, at_counter = (
        spared_by(replace(submitted("birth_full").case, filed_region=hall), submitted("birth_full").plan)
        for hall in (None, "330802")
    )
    assert (online.visits_left, at_counter.visits_left) == (0, 1)
    assert sum(own.times for own in at_counter.visits) == sum(own.times for own in online.visits) - 1


def test_a_draft_already_tells_what_it_would_spare() -> None:
    errand = draft("catering_full")
    assert spared_by(errand.case, errand.plan).fields_left > 0
