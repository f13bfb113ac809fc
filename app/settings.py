"""Every setting, with a default that works; each can be given by environment as ``APP_<NAME>`` or in ``.env``."""

import os
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


class Settings(BaseSettings):
    """The settings of one process. ``python -m app settings`` prints them with their descriptions."""

    model_config = SettingsConfigDict(env_prefix="APP_", env_file=".env", extra="ignore")

    database_url: str = Field(
        "sqlite:///var/app.db",
        description="SQLite file (sqlite:///path) or PostgreSQL (postgresql+psycopg://user@host/name)",
    )
    files_folder: Path = Field(Path("var/files"), description="where uploaded files are kept, by content hash")
    pack_folders: Annotated[list[Path], NoDecode] = Field(
        [], description="more pack folders, separated by the system's path separator; added to the built-in pack"
    )
    builtin_packs: bool = Field(True, description="load the packs that come with the app")
    demo: bool = Field(True, description="demonstration mode: sign in by picking a fictional person, worked examples")
    default_region: str = Field("330802", description="region shown first: 衢州市柯城区")
    host: str = Field("127.0.0.1", description="address the server listens on")
    port: int = Field(8000, ge=1, le=65535, description="port the server listens on")
    token_hours: int = Field(12, ge=1, le=24 * 30, description="hours a sign-in token is valid")
    upload_megabytes: int = Field(10, ge=1, le=100, description="largest uploaded file")
    body_kilobytes: int = Field(512, ge=16, le=10_240, description="largest request body other than an upload")
    secret: SecretStr | None = Field(
        None, min_length=32, description="secret behind query codes; several servers share one. Unset: the secret file"
    )
    secret_file: Path = Field(Path("var/secret.key"), description="made on first start when no secret is set")
    lookup_tries: int = Field(5, ge=1, le=100, description="wrong query codes for one reference before it is locked")
    lookup_minutes: int = Field(15, ge=1, le=24 * 60, description="minutes such a lock lasts")
    sweep_seconds: int = Field(
        60, ge=0, le=24 * 3600, description="how often the embedded server lets time pass; 0 leaves it to `sweep`"
    )
    sqlite_synchronous: Literal["FULL", "NORMAL"] = Field(
        "FULL", description="FULL: a committed write survives a power cut; NORMAL: a crash of the process only"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="how much is logged")

    @field_validator("pack_folders", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return [Path(part) for part in value.split(os.pathsep) if part] if isinstance(value, str) else value

    @classmethod
    def describe(cls) -> list[tuple[str, str, str]]:
        """Environment name, default and description of every setting, in order."""
        return [
            (f"APP_{name.upper()}", str(field.get_default(call_default_factory=True)), field.description or "")
            for name, field in cls.model_fields.items()
        ]
