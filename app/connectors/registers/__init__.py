"""Registers over the network: ``dataset=URL`` of the settings → connectors."""

from collections.abc import Mapping

from app.connectors.registers.http import HttpRegister
from app.usecases.registers import Register


def connected(addresses: Mapping[str, str]) -> dict[str, Register]:
    """One connector for each address; datasets at the same address share one, and so its circuit.

    Raises ``ValueError`` for an address that is no http or https URL.
    """
    made = {url: HttpRegister(url) for url in dict.fromkeys(addresses.values())}
    return {dataset: made[url] for dataset, url in addresses.items()}
