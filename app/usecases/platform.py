"""One running platform: the catalogue, the database and the clock, put together from the settings."""

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from app.catalogue.loader import Catalogue, opened
from app.domain.applications import Actor
from app.domain.deadlines import BEIJING
from app.domain.errors import StorageAway
from app.domain.vocabulary import Text
from app.settings import SECRET_SIGNS, Settings
from app.storage import keys
from app.storage.changes import Changes
from app.storage.database import migrate
from app.storage.files import FileStore
from app.storage.keys import KeyRing
from app.storage.queries import Reader
from app.storage.standby import LateReads, Standby, checked, mark_of
from app.storage.store import Outcome, Store
from app.storage.vault import Vault
from app.usecases import notary
from app.usecases.context import Context, Dice, TrueDice
from app.usecases.registers import Register
from app.usecases.world import Policy, World

NO_SECRET = Text(
    f"密钥文件（APP_SECRET_FILE）里没有至少 {SECRET_SIGNS} 个字符的密钥：请从备份恢复；"
    "从未用过的可删掉，启动时会重新生成。",
    f"The secret file (APP_SECRET_FILE) holds no secret of {SECRET_SIGNS} signs or more: restore it from the backup; "
    "one that was never used may be removed and is made anew.",
)
NO_REGION = Text(
    "APP_DEFAULT_REGION 不是事项包里的区划：请给出 6、9 或 12 位区划代码。",
    "APP_DEFAULT_REGION is no region of the packs: give a code of 6, 9 or 12 digits.",
)
NO_DATASET = Text(
    "APP_REGISTERS 里有事项包没有的数据资源：{names}。代码见接口 /api/v1/datasets。",
    "APP_REGISTERS names what is no dataset of the packs: {names}. Their codes: /api/v1/datasets.",
)
Clock = Callable[[], datetime]
Connect = Callable[[Mapping[str, str]], Mapping[str, Register]]


class WrongSetting(Exception):
    """A setting that was read well and cannot be used; ``said`` is the sentence for whoever set it."""

    def __init__(self, said: Text) -> None:
        super().__init__(said.en)
        self.said = said


def office_clock() -> datetime:
    """Now, in the office's time zone (UTC+8, no daylight saving)."""
    return datetime.now(BEIJING)


class DemoShift:
    """By how much the demonstration's clock is shifted, as last read from the database, at most a second ago."""

    FRESH_SECONDS = 1.0

    def __init__(self) -> None:
        self._shift, self._read_at = timedelta(), -self.FRESH_SECONDS

    def read(self, store: Store) -> timedelta:
        """The shift, looked up again when what is known is older than a second. While the database is away what was
        known last counts: whoever asks is told so by what they ask for, and not everybody waits for it here."""
        now, is_known = time.monotonic(), self._read_at >= 0
        if now - self._read_at >= self.FRESH_SECONDS:
            try:
                row = store.read(Reader.demo_clock)
            except StorageAway:
                if not is_known:
                    raise
                self._read_at = time.monotonic()
            else:
                self._shift, self._read_at = timedelta(days=row["shift_days"] if row is not None else 0), now
        return self._shift

    def forget(self) -> None:
        """Look it up again next time: this process has just changed it."""
        self._read_at = -self.FRESH_SECONDS


@dataclass(frozen=True, slots=True)
class Platform:
    """Everything a door needs."""

    settings: Settings
    world: World
    store: Store
    clock: Clock
    dice: Dice
    demo: DemoShift = field(default_factory=DemoShift)
    standby: Standby | None = None
    late: LateReads = field(init=False)
    """Reads that may be a little late: from the standby where there is one that keeps up."""

    def __post_init__(self) -> None:
        """Put store and standby together."""
        object.__setattr__(self, "late", LateReads(self.store, self.standby))

    def context(self, who: Actor | None = None) -> Context:
        """A request that begins now, at the office's time."""
        shift = self.shift()
        return Context(self.world, self.clock() + shift, who, self.dice, shift)

    def shift(self) -> timedelta:
        """How far the office's clock is ahead of the real one; nothing outside a demonstration."""
        return self.demo.read(self.store) if self.world.policy.is_demo else timedelta()

    def close(self) -> None:
        """Finish queued writes and let go of the database."""
        self.late.close()
        self.store.close()


def open_world(settings: Settings, catalogue: Catalogue | None = None) -> World:
    """The catalogue (loaded unless given) and what goes with it, without a database.

    Raises ``PackError`` with every fault of the packs, :class:`WrongSetting` for a setting that does not fit them.
    """
    catalogue = catalogue or opened(settings.pack_folders, include_builtin=settings.builtin_packs)
    if settings.default_region not in catalogue.regions:
        raise WrongSetting(NO_REGION)
    if unknown := ", ".join(sorted(settings.registers.keys() - catalogue.library.datasets.keys())):
        raise WrongSetting(Text(NO_DATASET.zh.format(names=unknown), NO_DATASET.en.format(names=unknown)))
    policy = Policy(
        is_demo=settings.demo,
        secret=installation_secret(settings),
        token_hours=settings.token_hours,
        lookup_tries=settings.lookup_tries,
        lookup_minutes=settings.lookup_minutes,
        proof_hash=settings.proof_hash,
        idle_minutes=settings.idle_minutes,
    )
    ring = installation_keys(settings)
    files = FileStore(settings.files_folder, settings.upload_megabytes * 1_000_000, vault_of(settings, ring))
    return World(catalogue, files, policy, ring)


def installation_keys(settings: Settings) -> KeyRing:
    """The key ring of the settings, or that of the key file, made on first use. Raises ``KeysUnreadable``."""
    if settings.keys is not None:
        return keys.parsed(settings.keys.get_secret_value())
    return keys.opened(settings.keys_file)


def vault_of(settings: Settings, ring: KeyRing) -> Vault:
    """The vault on this ring; a key file is read again when another process may have rotated it."""
    if settings.keys is not None:
        return Vault(ring)
    return Vault(ring, lambda: keys.parsed(settings.keys_file.read_text()))


def installation_secret(settings: Settings) -> bytes:
    """The secret of the settings, or that of the secret file, made on first use and readable by its owner only. Raises
    :class:`WrongSetting` for a file that holds none, as one whose writing broke off."""
    if settings.secret is not None:
        return settings.secret.get_secret_value().encode()
    path = settings.secret_file
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        keys.create_once(path, secrets.token_hex(32))
    found = path.read_text().strip().encode()
    if len(found) < SECRET_SIGNS:
        raise WrongSetting(NO_SECRET)
    return found


def standby_of(settings: Settings, ring: KeyRing, store: Store) -> Standby | None:
    """The standby of the settings, if there is one. Raises ``StandbyUrlError`` for an address that makes no sense."""
    if not settings.read_database_url:
        return None
    url = checked(settings.read_database_url, settings.database_url)
    return Standby(url, partial(mark_of, store), settings.read_lag_seconds, partial(vault_of, settings, ring))


def open_platform(
    settings: Settings, clock: Clock = office_clock, dice: Dice | None = None, connect: Connect | None = None
) -> Platform:
    """Migrate the database, load the packs, keep their versions, and stand ready. ``connect`` makes the connectors of
    the registers that the settings name; without it all registers are those of the packs."""
    world = open_world(settings)
    if connect is not None:
        world = replace(world, remote=connect(settings.registers))
    migrate(settings.database_url)
    vault = vault_of(settings, world.keys)
    store = Store(settings.database_url, settings.sqlite_synchronous, vault, settings.proof_hash)
    standby = standby_of(settings, world.keys, store)
    platform = Platform(settings, world, store, clock, dice or TrueDice(), standby=standby)
    try:
        store.data_keys.check()
        keep_versions(platform)
        notary.found(platform.context(), store)
    except BaseException:
        platform.close()
        raise
    return platform


def keep_versions(platform: Platform) -> None:
    """Store every bundle in force under its digest, so that what is submitted under it can live by it for ever."""
    for bundle in platform.world.library.bundles.values():
        row = {
            "digest": bundle.digest,
            "bundle": bundle.code,
            "stored_at": platform.clock(),
            "closure": platform.world.catalogue.closures[bundle.code],
        }
        platform.store.perform(partial(_keep, row=row))


def _keep(reader: Reader, row: dict[str, object]) -> Outcome[None]:
    is_known = row["digest"] in reader.pack_digests()
    return Outcome(None, None if is_known else Changes().also("pack_version", row))
