"""Every setting, with a default that works; each can be given by environment as ``APP_<NAME>`` or in ``.env``.

A field's title is its description in Chinese.
"""

import os
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from app.domain.vocabulary import Text


class Settings(BaseSettings):
    """The settings of one process. ``python -m app settings`` prints them with their descriptions."""

    model_config = SettingsConfigDict(env_prefix="APP_", env_file=".env", extra="ignore")

    database_url: str = Field(
        "sqlite:///var/app.db",
        title="数据库：SQLite 文件（sqlite:///路径）或 PostgreSQL（postgresql+psycopg://用户@主机/库名）",
        description="SQLite file (sqlite:///path) or PostgreSQL (postgresql+psycopg://user@host/name)",
    )
    files_folder: Path = Field(
        Path("var/files"),
        title="上传文件的存放目录，按内容摘要命名",
        description="where uploaded files are kept, by content hash",
    )
    pack_folders: Annotated[list[Path], NoDecode] = Field(
        [],
        title="更多事项包目录，用系统的路径分隔符隔开；加在内置事项包之上",
        description="more pack folders, separated by the system's path separator; added to the built-in pack",
    )
    builtin_packs: bool = Field(True, title="是否载入内置事项包", description="load the packs that come with the app")
    demo: bool = Field(
        True,
        title="演示模式：选一个虚构人物即可登录，带示例故事",
        description="demonstration mode: sign in by picking a fictional person, worked examples",
    )
    default_region: str = Field(
        "330802", title="首先显示的区划：衢州市柯城区", description="region shown first: 衢州市柯城区"
    )
    host: str = Field("127.0.0.1", title="服务监听的地址", description="address the server listens on")
    port: int = Field(8000, ge=1, le=65535, title="服务监听的端口", description="port the server listens on")
    public_url: str = Field(
        "",
        title="人们访问本应用的地址，用于文书上的链接；空则用请求的地址",
        description="address people reach the app at, for links on papers; empty: the address of the request",
    )
    token_hours: int = Field(
        12, ge=1, le=24 * 30, title="登录有效的小时数", description="hours a sign-in token is valid"
    )
    upload_megabytes: int = Field(10, ge=1, le=100, title="上传文件的上限（MB）", description="largest uploaded file")
    body_kilobytes: int = Field(
        512,
        ge=16,
        le=10_240,
        title="除上传外，请求体的上限（KB）",
        description="largest request body other than an upload",
    )
    secret: SecretStr | None = Field(
        None,
        min_length=32,
        title="查询码背后的密钥；多台服务器共用一个。不设则用密钥文件",
        description="secret behind query codes; several servers share one. Unset: the secret file",
    )
    secret_file: Path = Field(
        Path("var/secret.key"),
        title="没有设密钥时，首次启动生成的密钥文件",
        description="made on first start when no secret is set",
    )
    lookup_tries: int = Field(
        5,
        ge=1,
        le=100,
        title="同一编号输错查询码几次后锁定",
        description="wrong query codes for one reference before it is locked",
    )
    lookup_minutes: int = Field(15, ge=1, le=24 * 60, title="锁定的分钟数", description="minutes such a lock lasts")
    sweep_seconds: int = Field(
        60,
        ge=0,
        le=24 * 3600,
        title="内置服务隔多少秒推进一次时间；0 表示只由 sweep 命令推进",
        description="how often the embedded server lets time pass; 0 leaves it to `sweep`",
    )
    sqlite_synchronous: Literal["FULL", "NORMAL"] = Field(
        "FULL",
        title="FULL：已提交的写入断电不丢；NORMAL：只保证进程崩溃不丢",
        description="FULL: a committed write survives a power cut; NORMAL: a crash of the process only",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", title="日志的详细程度", description="how much is logged"
    )

    @field_validator("pack_folders", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return [Path(part) for part in value.split(os.pathsep) if part] if isinstance(value, str) else value

    @classmethod
    def describe(cls) -> list[tuple[str, Text]]:
        """Environment name and description of every setting, in order."""
        return [
            (f"APP_{name.upper()}", Text(field.title or "", field.description or ""))
            for name, field in cls.model_fields.items()
        ]
