"""Every setting, with its default. A field's description completes the sentence "it must be …" of an error."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Discriminator, Field, SecretStr, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from typing_extensions import override

from monitor.errors import SettingsError
from monitor.settings.values import Address, Addresses, Cron, Duration, Name, Words, Zone

PORTS = {"starttls": 587, "tls": 465, "none": 25}
"""Where mail servers listen for each kind of security (RFC 8314, RFC 6409, RFC 5321)."""


LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
"""Hosts to which a password may go unencrypted, as it never leaves the machine."""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DatabaseSettings(_Section):
    """Where the database is. The address may hold a password, so it is a secret."""

    url: SecretStr = Field(
        SecretStr("sqlite:///monitor.db"),
        description="an address like sqlite:///monitor.db or postgresql://user:password@host/name",
    )
    url_file: Path | None = Field(None, description="the path of a file that holds the database's address")


class WatchlistSettings(_Section):
    """Which watchlist judges. `name` None: the only one that comes with the program."""

    name: str | None = Field(None, min_length=1, description="the name of a watchlist, which is the name of its folder")
    folder: Path | None = Field(None, description="the path of a folder with watchlist files of your own")


class HttpSettings(_Section):
    """How feeds are fetched."""

    contact: str | None = Field(
        None,
        pattern=r"^[!-~]+$",
        max_length=200,
        description="a mail or web address without spaces by which publishers can reach you",
    )
    timeout: Duration = Field(
        timedelta(seconds=30),
        ge=timedelta(seconds=1),
        le=timedelta(minutes=5),
        description='a duration from "1s" to "5m"',
    )
    max_body_mb: int = Field(10, ge=1, le=100, description="a whole number from 1 to 100")
    concurrency: int = Field(256, ge=1, le=256, description="a whole number from 1 to 256")
    per_host_seconds: float = Field(1.0, ge=0, le=60, description="a number from 0 to 60")
    allowed_hosts: Words = Field((), description='a list of host names, like ["feeds.intranet.example"]')
    proxy: SecretStr | None = Field(None, description="an address like http://user:password@proxy.example:3128")

    @field_validator("proxy")
    @classmethod
    def _proxy_address(cls, proxy: SecretStr | None) -> SecretStr | None:
        if proxy is not None and not re.fullmatch(r"https?://([^\s/@]+@)?[^\s/@?#]+/?", proxy.get_secret_value()):
            raise ValueError("not the address of a proxy")
        return proxy


class PollSettings(_Section):
    """How often feeds are polled. An hour is the shortest interval that publishers count as polite."""

    interval: Duration = Field(
        timedelta(hours=1),
        ge=timedelta(minutes=1),
        le=timedelta(days=7),
        description='a duration from "1m" to "7d"',
    )


class TemplateSettings(_Section):
    """Your own digest templates, which take the place of those of the same name. `folder` None: there are none."""

    folder: Path | None = Field(None, description="the path of a folder with templates of your own")


class ScheduleSettings(_Section):
    """When a digest is made and where it goes. `title` None: the watchlist's."""

    cron: Cron = Field(description='a cron line of five fields that names one time of day, like "0 7 * * *"')
    zone: Zone = Field("UTC", description='an IANA time zone, like "Europe/Berlin"')
    title: str | None = Field(None, min_length=1, max_length=120, description="a title of 1 to 120 characters")
    channels: Words = Field(min_length=1, description='a list of names of channels, like ["files"]')
    quiet_days: bool = Field(default=True, description="true or false")


class FileChannel(_Section):
    """Digests as files of a folder."""

    kind: Literal["file"]
    folder: Path = Field(description="the path of a folder for digests")


class EmailChannel(_Section):
    """Digests by mail. `port` None: the usual one for `security`. Without a username nobody logs in."""

    kind: Literal["email"]
    host: str = Field(
        pattern=r"^[A-Za-z0-9.:-]+$", max_length=253, description="the name of a mail server, like mail.example.org"
    )
    port: int | None = Field(None, ge=1, le=65535, description="a whole number from 1 to 65535")
    security: Literal["starttls", "tls", "none"] = Field("starttls", description='"starttls", "tls" or "none"')
    username: str | None = Field(None, min_length=1, description="the name to log in with")
    password: SecretStr | None = Field(None, description="the password to log in with")
    password_file: Path | None = Field(None, description="the path of a file that holds the password")
    sender: Address = Field(description="a mail address, like monitor@example.org")
    recipients: Addresses = Field(min_length=1, description='a list of mail addresses, like ["you@example.org"]')

    @property
    def port_or_usual(self) -> int:
        """The port to connect to."""
        return self.port or PORTS[self.security]

    @model_validator(mode="after")
    def _one_password(self) -> Self:
        if self.password is not None and self.password_file is not None:
            raise ValueError("has both password and password_file: keep one of them")
        if (self.username is None) != (self.password is None and self.password_file is None):
            raise ValueError("needs username together with password or password_file, or none of them")
        if self.username is not None and self.security == "none" and self.host not in LOOPBACK:
            raise ValueError('would send its password in the clear: set security to "starttls" or "tls"')
        return self


ChannelSettings = Annotated[FileChannel | EmailChannel, Discriminator("kind")]
DEFAULT_CHANNELS: dict[str, ChannelSettings] = {"files": FileChannel(kind="file", folder=Path("digests"))}


class LogSettings(_Section):
    """What is logged to stderr, and how."""

    level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description='"debug", "info", "warning" or "error"'
    )
    format: Literal["console", "json"] = Field("console", description='"console" or "json"')


class Settings(BaseSettings):
    """All settings. Relative paths count from `folder`, where the settings file lies."""

    model_config = SettingsConfigDict(
        env_prefix="MONITOR_",
        env_nested_delimiter="__",
        env_ignore_empty=True,
        enable_decoding=False,
        extra="forbid",
        frozen=True,
        validate_default=True,
    )

    reads_variables: ClassVar[bool] = True
    """False for a run that must not touch what the user's variables name."""

    database: DatabaseSettings = DatabaseSettings()
    watchlist: WatchlistSettings = WatchlistSettings()
    http: HttpSettings = HttpSettings()
    poll: PollSettings = PollSettings()
    schedules: dict[Name, ScheduleSettings] = {
        "daily": ScheduleSettings(cron="0 7 * * *", channels=("files",)),
    }
    channels: dict[Name, ChannelSettings] = {}
    templates: TemplateSettings = TemplateSettings()
    log: LogSettings = LogSettings()

    @field_validator("channels")
    @classmethod
    def _with_files(cls, channels: dict[str, ChannelSettings]) -> dict[str, ChannelSettings]:
        """The channel of the default schedule stays when others are added; one that no schedule names does nothing."""
        return DEFAULT_CHANNELS | channels

    @classmethod
    @override
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Variables, then the file; nothing else is read."""
        del init_settings, dotenv_settings, file_secret_settings
        file = TomlConfigSettingsSource(settings_cls)
        return (env_settings, file) if cls.reads_variables else (file,)

    @property
    def folder(self) -> Path:
        """The folder of the settings file; without a file, the working directory."""
        file = self.model_config.get("toml_file")
        return Path(str(file)).absolute().parent if file else Path.cwd()

    def resolve(self, path: Path) -> Path:
        """The path, counted from the settings file's folder unless it is absolute."""
        return self.folder / path.expanduser()

    def database_url(self) -> str:
        """The database's address, a relative SQLite path made absolute. Raises SettingsError."""
        database = self.database
        url = database.url.get_secret_value()
        if database.url_file is not None:
            url = self._secret(database.url_file, "database.url_file")
        scheme, separator, path = url.partition(":///")
        if scheme.startswith("sqlite") and path and not path.startswith(":memory:"):
            return f"{scheme}{separator}{self.resolve(Path(path))}"
        return url

    def password(self, name: str, channel: EmailChannel) -> str | None:
        """The password of the mail channel called `name`; None: it needs none. Raises SettingsError."""
        if channel.password_file is not None:
            return self._secret(channel.password_file, f"channels.{name}.password_file")
        return channel.password.get_secret_value() if channel.password is not None else None

    def _secret(self, path: Path, key: str) -> str:
        """The first line of a file."""
        try:
            return self.resolve(path).read_text("utf-8").partition("\n")[0].strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
            raise SettingsError(f"{key} is '{path}', which cannot be read ({reason}): name a readable file.") from error
