"""Every setting, with a default that works; each can be given by environment as ``APP_<NAME>`` or in ``.env``.

A field's title is its description in Chinese.
"""

import os
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from app.domain.allowances import Pace
from app.domain.vocabulary import Text

SECRET_SIGNS = 32
"""A secret is at least so long, wherever it comes from."""
DEFAULT_RATES = "read=1200,write=240,upload=60,look_up=30,sign_in=30"
"""Requests a minute. Illustrative: to be measured where it runs."""


class Settings(BaseSettings):
    """The settings of one process. ``python -m app settings`` prints them with their descriptions."""

    model_config = SettingsConfigDict(env_prefix="APP_", env_file=".env", extra="ignore")

    database_url: str = Field(
        "sqlite:///var/app.db",
        title="数据库：SQLite 文件（sqlite:///路径）或 PostgreSQL（postgresql+psycopg://用户@主机/库名）",
        description="SQLite file (sqlite:///path) or PostgreSQL (postgresql+psycopg://user@host/name)",
    )
    read_database_url: str = Field(
        "",
        title="PostgreSQL 流复制备库的地址，用于允许略有延迟的查询（亮灯、指标、通报）；空则都查主库",
        description="address of a streaming PostgreSQL standby, for reads that may be a little late (lights, "
        "indicators, bulletins); empty: everything is read from the primary",
    )
    read_lag_seconds: float = Field(
        5.0,
        gt=0,
        le=600,
        title="备库最多落后多少秒还可查询；再晚就改查主库",
        description="seconds a standby may be behind and still be read; when it is further behind the primary is read",
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
    registers: Annotated[dict[str, str], NoDecode] = Field(
        {},
        title="真实数源的地址：数据资源=网址，用逗号隔开；没有列出的用内置的虚构登记",
        description="addresses of registers, dataset=URL separated by commas; others are the fictional built-in ones",
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
    idle_minutes: int = Field(
        120,
        ge=5,
        le=24 * 60,
        title="登录后多少分钟没有操作就失效",
        description="minutes without a request after which a sign-in ends",
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
        min_length=SECRET_SIGNS,
        title="查询码背后的密钥；多台服务器共用一个。不设则用密钥文件",
        description="secret behind query codes; several servers share one. Unset: the secret file",
    )
    secret_file: Path = Field(
        Path("var/secret.key"),
        title="没有设密钥时，首次启动生成的密钥文件",
        description="made on first start when no secret is set",
    )
    keys: SecretStr | None = Field(
        None,
        title="密钥环的内容（JSON），多台服务器可共用；不设则用密钥环文件",
        description="content of the key ring (JSON), for several servers to share; unset: the key ring file",
    )
    keys_file: Path = Field(
        Path("var/keys.json"),
        title="密钥环：落库加密、签名、号码盲索引；首次启动生成，请与数据库分开备份",
        description="key ring: encryption at rest, signing, blind index; made on first start, back it up apart",
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
    stray_hours: int = Field(
        24,
        ge=1,
        le=24 * 366,
        title="上传后没有任何申请用到的文件，多少小时后清理（示例值）",
        description="hours after which an uploaded file that no application came to use is removed (illustrative)",
    )
    notary_seconds: int = Field(
        5,
        ge=0,
        le=3600,
        title="内置服务隔多少秒把新事件编入存证树并签发检查点；0 表示只由 sweep 和取证时进行",
        description="how often the embedded server puts new events into the proof tree; 0 leaves it to `sweep` and to "
        "whoever asks for a proof",
    )
    proof_hash: Literal["sha256", "sm3"] = Field(
        "sha256",
        title="存证的散列算法；首次启动时固定，之后不能更改。sm3 需要本机的 OpenSSL 支持",
        description="hash function of the proof, fixed at the first start; sm3 must be known to the machine's OpenSSL",
    )
    certificate_signature: Literal["ed25519"] = Field(
        "ed25519",
        title="电子证照文件的签名算法。国密 SM2 暂不提供：没有仍在维护的可用实现，本应用不自行编写签名算法",
        description="signature of certificate files. SM2 is not offered: no maintained library serves it here, and the "
        "app writes no signature algorithm of its own",
    )
    sqlite_synchronous: Literal["FULL", "NORMAL"] = Field(
        "FULL",
        title="FULL：已提交的写入断电不丢；NORMAL：只保证进程崩溃不丢",
        description="FULL: a committed write survives a power cut; NORMAL: a crash of the process only",
    )
    rate_limits: Literal["auto", "on", "off"] = Field(
        "auto",
        title="是否限制请求频率；auto：监听本机以外的地址或设了可信代理时限制",
        description="whether requests are limited; auto: when the server listens beyond this machine or behind a proxy",
    )
    rates: str = Field(
        DEFAULT_RATES,
        title="每人每分钟的请求数（示例数值）；同一地址为其五倍，凭码查询和登录按地址计",
        description="requests per person and minute (illustrative); one address has five times that, except that "
        "looking up with a code and signing in are counted by address",
    )
    trusted_proxies: str = Field(
        "",
        title="可信反向代理的地址或网段，用逗号隔开；只有它们的 X-Forwarded-For/Proto 和 X-Request-Id 算数",
        description="addresses or networks of reverse proxies, separated by commas; only their X-Forwarded-For/Proto "
        "and X-Request-Id count",
    )
    behind_tls: bool = Field(
        False,
        title="人们只经 HTTPS 访问：Cookie 只走 TLS（__Host-），并发送 HSTS",
        description="people come by HTTPS only: cookies are kept to TLS (__Host-), HSTS is sent",
    )
    metrics: Literal["auto", "on", "off"] = Field(
        "auto",
        title="是否提供 /metrics；auto：只对本机，或设有令牌时",
        description="whether /metrics answers; auto: to this machine only, or to whoever has the token",
    )
    metrics_token: SecretStr | None = Field(
        None,
        min_length=16,
        title="抓取 /metrics 须带的令牌（Authorization: Bearer）",
        description="token that whoever reads /metrics must send (Authorization: Bearer)",
    )
    stop_seconds: int = Field(
        20,
        ge=1,
        le=300,
        title="停止时最多等进行中的请求多少秒",
        description="seconds that requests in flight are given when the server stops",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", title="日志的详细程度", description="how much is logged"
    )
    log_format: Literal["json", "text"] = Field(
        "text",
        title="日志的格式：json 每行一个对象，text 便于人读",
        description="how a log line looks: json is one object on each line, text is for people",
    )

    @field_validator("pack_folders", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return [Path(part) for part in value.split(os.pathsep) if part] if isinstance(value, str) else value

    @field_validator("registers", mode="before")
    @classmethod
    def _addresses(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        pairs = (part.partition("=") for part in value.split(",") if part.strip())
        return {dataset.strip(): url.strip() for dataset, _, url in pairs}

    @field_validator("registers")
    @classmethod
    def _of_the_web(cls, value: dict[str, str]) -> dict[str, str]:
        if not all(map(_is_address, value.values())):
            said = Text("写成 数据资源=https://地址，用逗号隔开", "give dataset=https://address, separated by commas")
            raise Unfit(said)
        return value

    @field_validator("public_url")
    @classmethod
    def _reached_at(cls, value: str) -> str:
        if value and not _is_address(value):
            raise Unfit(Text("地址以 http:// 或 https:// 开头", "addresses begin with http:// or https://"))
        return value

    @field_validator("rates")
    @classmethod
    def _known_paces(cls, value: str) -> str:
        paces_of(value)
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: str) -> str:
        networks_of(value)
        return value

    @property
    def is_limiting(self) -> bool:
        """Whether requests are limited."""
        return self.rate_limits == "on" or (self.rate_limits == "auto" and self.is_reachable)

    @property
    def is_reachable(self) -> bool:
        """Whether others than this machine can get here: by the address listened on, or through a proxy."""
        return bool(self.trusted_proxies.strip()) or not _is_loopback(self.host)

    @classmethod
    def describe(cls) -> list[tuple[str, Text]]:
        """Environment name and description of every setting, in order."""
        return [
            (f"APP_{name.upper()}", Text(field.title or "", field.description or ""))
            for name, field in cls.model_fields.items()
        ]


Network = IPv4Network | IPv6Network


class Unfit(ValueError):
    """A value that a setting does not take; ``said`` is why, and never the value, which may be a secret."""

    def __init__(self, said: Text) -> None:
        super().__init__(said.en)
        self.said = said


def paces_of(text: str) -> dict[Pace, int]:
    """Requests per minute by kind: ``read=600,write=120``; kinds left out have the default. Raises :class:`Unfit`."""
    known, found = {pace.value: pace for pace in Pace}, {}
    for part in text.split(","):
        name, _, number = part.partition("=")
        if name.strip() not in known or not number.strip().isdecimal() or int(number) < 1:
            kinds = ", ".join(known)
            raise Unfit(
                Text(
                    f"写成 read=1200,write=240 这样，可用的有 {kinds}；每分钟至少 1 次",
                    f"give pairs such as read=1200,write=240, of {kinds}; at least 1 a minute",
                )
            )
        found[known[name.strip()]] = int(number)
    default = {} if text == DEFAULT_RATES else paces_of(DEFAULT_RATES)
    return {**default, **found}


def networks_of(text: str) -> tuple[Network, ...]:
    """Addresses and networks separated by commas. Raises :class:`Unfit`."""
    try:
        return tuple(ip_network(part.strip(), strict=False) for part in text.split(",") if part.strip())
    except ValueError:
        raise Unfit(
            Text(
                "写成 10.0.0.1,10.1.0.0/16 这样的地址或网段", "give addresses or networks, such as 10.0.0.1,10.1.0.0/16"
            )
        ) from None


def _is_address(url: str) -> bool:
    return urlsplit(url).scheme in {"http", "https"} and bool(urlsplit(url).netloc)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
