from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.errors import InputError, SettingsError
from monitor.settings import TEMPLATE, EmailChannel, Settings, find, load, write_template


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests start without the settings of whoever runs them."""
    for name in [name for name in os.environ if name.upper().startswith("MONITOR_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "monitor.toml"


def problems(file: Path, content: str) -> list[str]:
    """What loading this content complains of, without the file's name."""
    file.write_text(content)
    with pytest.raises(SettingsError) as caught:
        load(file)
    lines = str(caught.value).splitlines()
    assert all(line.startswith(f"In {file}, ") and line.endswith(".") for line in lines)
    return [line.removeprefix(f"In {file}, ") for line in lines]


def test_the_commented_file_holds_the_defaults() -> None:
    assert load(TEMPLATE).model_dump() == Settings().model_dump()


def test_every_setting_is_told_in_the_commented_file() -> None:
    content = TEMPLATE.read_text()
    for section in ("database", "watchlist", "http", "poll", "templates", "log"):
        fields = type(getattr(Settings(), section)).model_fields
        assert [name for name in fields if f"{name} = " not in content] == []
    for model in (EmailChannel, type(Settings().schedules["daily"])):
        assert [name for name in model.model_fields if f"{name} = " not in content] == []


def test_the_examples_of_the_commented_file_load(file: Path) -> None:
    """Taking the # from an example gives a setting that works."""
    mail = TEMPLATE.read_text().partition("# [channels.mail]")[2].partition("\n\n")[0]
    file.write_text("[channels.mail]" + mail.replace("\n# ", "\n") + '\n[channels.files]\nkind="file"\nfolder="x"')
    channel = load(file).channels["mail"]
    assert isinstance(channel, EmailChannel)
    assert (channel.port_or_usual, channel.recipients) == (587, ("you@example.org",))


def test_a_file_is_written_once_and_never_overwritten(file: Path) -> None:
    assert write_template(file)
    file.write_text("# mine")
    assert not write_template(file)
    assert file.read_text() == "# mine"


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        write_template(tmp_path / "missing" / "monitor.toml")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('[http]\ntimeout = "0s"', 'http.timeout is "0s": it must be a duration from "1s" to "5m".'),
        ('[http]\ntimeout = "soon"', 'http.timeout is \'soon\': it must be a duration from "1s" to "5m".'),
        ("[http]\ntimeout = inf", 'http.timeout is inf: it must be a duration from "1s" to "5m".'),
        ("[http]\nmax_body_mb = 0", "http.max_body_mb is 0: it must be a whole number from 1 to 100."),
        ('[http]\nconcurrency = "many"', "http.concurrency is 'many': it must be a whole number from 1 to 256."),
        ("[http]\nper_host_seconds = nan", "http.per_host_seconds is nan: it must be a number from 0 to 60."),
        ("[http]\ntimout = 3", "http.timout is no setting: perhaps http.timeout is meant."),
        ("[htp]\nx = 1", "htp is no setting: perhaps http is meant."),
        ("http = 3", "http is a single value: it must be a table of settings."),
        ("[http]\ntimeout = { a = 1 }", 'http.timeout is a table: it must be a duration from "1s" to "5m".'),
        ('[poll]\ninterval = "20s"', 'poll.interval is "20s": it must be a duration from "1m" to "7d".'),
        ('[log]\nlevel = "loud"', 'log.level is \'loud\': it must be "debug", "info", "warning" or "error".'),
        (
            '[schedules.Daily]\ncron = "0 7 * * *"\nchannels = ["files"]',
            (
                "schedules.Daily is no usable name: it must be up to 40 lower-case letters, digits, _ and -,"
                " a letter or digit first."
            ),
        ),
        (
            '[schedules.daily]\nchannels = ["files"]',
            (
                "schedules.daily.cron is missing: it must be a cron line of five fields that names one time of day,"
                ' like "0 7 * * *".'
            ),
        ),
        (
            '[schedules.daily]\ncron = "0 7,8 * * *"\nchannels = ["files"]',
            (
                "schedules.daily.cron is '0 7,8 * * *': it must be a cron line of five fields that names one time of "
                'day, like "0 7 * * *" (it names several times of a day, and a schedule makes one digest a day).'
            ),
        ),
        (
            '[schedules.daily]\ncron = "0 7 * * *"\nzone = "Mars/Base"\nchannels = ["files"]',
            "schedules.daily.zone is 'Mars/Base': it must be an IANA time zone, like \"Europe/Berlin\".",
        ),
        (
            '[schedules.daily]\ncron = "0 7 * * *"\nzone = "../../etc/passwd"\nchannels = ["files"]',
            "schedules.daily.zone is '../../etc/passwd': it must be an IANA time zone, like \"Europe/Berlin\".",
        ),
        (
            '[schedules.daily]\ncron = "0 7 * * *"\nchannels = ["pigeons"]',
            "schedules.daily.channels names 'pigeons', which is no channel: name one that is (files).",
        ),
        ('[channels.x]\nkind = "pigeon"', 'channels.x needs a kind: it must be "file" or "email".'),
        ('[channels.x]\nfolder = "y"', 'channels.x needs a kind: it must be "file" or "email".'),
        ('[channels]\nx = "smtp://u:p@h"', "channels.x is a text: it must be a table of settings."),
        ('[channels.x]\nkind = "file"', "channels.x.folder is missing: it must be the path of a folder for digests."),
    ],
)
def test_a_wrong_value_is_told_in_one_sentence(file: Path, content: str, told: str) -> None:
    assert problems(file, content) == [told]


MAIL = """
[channels.mail]
kind = "email"
host = "mail.example.org"
sender = "monitor@example.org"
recipients = ["you@example.org"]
"""


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('sender = "nobody"', "channels.mail.sender is 'nobody': it must be a mail address"),
        ('sender = "a@b\\nBcc: c@d"', "channels.mail.sender is 'a@b\\nBcc: c@d': it must be a mail address"),
        ('recipients = ["a@b", "c"]', "channels.mail.recipients is 'c': it must be a list of mail addresses"),
        ("recipients = []", "channels.mail.recipients is an empty list: it must be a list of mail addresses"),
        ('host = "mail example"', "channels.mail.host is 'mail example': it must be the name of a mail server"),
        ("port = 99999", "channels.mail.port is 99999: it must be a whole number from 1 to 65535"),
        ('security = "ssl"', 'channels.mail.security is \'ssl\': it must be "starttls", "tls" or "none"'),
        ('username = "me"', "channels.mail needs username together with password or password_file"),
        (
            'username = "me"\npassword = "x"\npassword_file = "y"',
            "channels.mail has both password and password_file: keep one of them",
        ),
    ],
)
def test_a_wrong_mail_channel_is_told(file: Path, line: str, told: str) -> None:
    key = line.partition(" ")[0]
    kept = "\n".join(other for other in MAIL.splitlines() if not other.startswith(f"{key} "))
    (problem,) = problems(file, f"{kept}\n{line}")
    assert problem.startswith(told)


def test_every_problem_gets_its_sentence(file: Path) -> None:
    told = problems(file, '[http]\nmax_body_mb = 0\nconcurrency = 0\n[poll]\ninterval = "x"\n[nonsense]\n')
    assert [sentence.split(" ")[0] for sentence in told] == [
        "http.max_body_mb",
        "http.concurrency",
        "poll.interval",
        "nonsense",
    ]


@pytest.mark.parametrize(
    "content",
    [
        "[database]\nurl = 4711",
        "[database]\nurl = { hunter = 4711 }",
        "[database]\nurll = 4711",
        MAIL + 'username = "u"\npassword = 4711',
        MAIL + 'username = "u"\npassword = ["4711"]',
        MAIL + "passwrd = 4711",
        MAIL + 'password = "4711"',
        '[channels]\nmail = "smtp://u:4711@mail"',
        'database = "postgresql://u:4711@host/db"',
        '[schedules]\ndaily = "4711"',
    ],
)
def test_what_may_be_a_secret_is_never_shown(file: Path, content: str) -> None:
    assert "4711" not in "".join(problems(file, content))


def test_secrets_do_not_show_in_the_settings_themselves(file: Path) -> None:
    file.write_text(MAIL + 'username = "u"\npassword = "4711"\n[database]\nurl = "postgresql://u:4711@h/db"')
    settings = load(file)
    assert "4711" not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"


def test_broken_toml_is_told_with_its_line(file: Path) -> None:
    file.write_text("[http]\ntimeout = = 3\n")
    with pytest.raises(SettingsError, match=r"is not valid TOML: .*line 2"):
        load(file)


def test_a_file_that_is_no_text_is_told(file: Path) -> None:
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match="cannot be read"):
        load(file)


def test_variables_outweigh_the_file_and_keep_what_they_do_not_name(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text(MAIL + '[http]\ntimeout = "40s"\nmax_body_mb = 7')
    monkeypatch.setenv("MONITOR_HTTP__TIMEOUT", "20s")
    monkeypatch.setenv("MONITOR_HTTP__ALLOWED_HOSTS", "one.example, two.example")
    monkeypatch.setenv("MONITOR_CHANNELS__MAIL__RECIPIENTS", "a@example.org,b@example.org")
    monkeypatch.setenv("MONITOR_CHANNELS__MAIL__USERNAME", "u")
    monkeypatch.setenv("MONITOR_CHANNELS__MAIL__PASSWORD", "4711")
    monkeypatch.setenv("MONITOR_POLL__INTERVAL", "")
    settings = load(file)
    mail = settings.channels["mail"]
    assert (settings.http.timeout, settings.http.max_body_mb) == (timedelta(seconds=20), 7)
    assert settings.http.allowed_hosts == ("one.example", "two.example")
    assert settings.poll.interval == timedelta(hours=1)
    assert isinstance(mail, EmailChannel)
    assert mail.recipients == ("a@example.org", "b@example.org")
    assert settings.password("mail", mail) == "4711"


@pytest.mark.parametrize(
    ("variable", "told"),
    [
        ("MONITOR_HTPP__TIMEOUT", "the variable MONITOR_HTPP__TIMEOUT names no section: use one of database, "),
        ("MONITOR_HTTP__TIMOUT", "http.timout is no setting: perhaps http.timeout is meant."),
        ("MONITOR_HTTP__TIMEOUT", "http.timeout is 'x': it must be a duration"),
        ("MONITOR_HTTP", "http is a text: it must be a table of settings."),
        ("MONITOR_HTTP_TIMEOUT", "the variable MONITOR_HTTP_TIMEOUT is no setting: section and key are parted by two"),
    ],
)
def test_a_wrong_variable_is_told(monkeypatch: pytest.MonkeyPatch, variable: str, told: str) -> None:
    monkeypatch.setenv(variable, "x")
    with pytest.raises(SettingsError) as caught:
        load(None)
    assert str(caught.value).startswith(f"In the settings, {told}")


def test_secrets_come_from_files_beside_the_settings(file: Path) -> None:
    file.write_text(
        MAIL + 'username = "u"\npassword_file = "secret"\n[database]\nurl_file = "address"\nurl = "sqlite:///x"'
    )
    (file.parent / "secret").write_text("hunter2\n")
    (file.parent / "address").write_text("postgresql://u:p@h/db\n")
    settings = load(file)
    mail = settings.channels["mail"]
    assert isinstance(mail, EmailChannel)
    assert settings.password("mail", mail) == "hunter2"
    assert settings.database_url() == "postgresql://u:p@h/db"


def test_a_secret_that_cannot_be_read_is_told_with_its_key(file: Path) -> None:
    file.write_text('[database]\nurl_file = "nowhere"')
    with pytest.raises(SettingsError, match=r"database.url_file is 'nowhere', which cannot be read \(No such file"):
        load(file).database_url()


def test_relative_paths_count_from_the_file(file: Path, tmp_path: Path) -> None:
    file.write_text("")
    settings = load(file)
    assert settings.database_url() == f"sqlite:///{tmp_path}/monitor.db"
    assert settings.resolve(Path("digests")) == tmp_path / "digests"
    assert settings.resolve(Path("/srv/digests")) == Path("/srv/digests")


def test_where_the_file_is_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The named file, then the variable's, then the working directory's, then the user's."""
    work, home, other = tmp_path / "work", tmp_path / "home", tmp_path / "other.toml"
    work.mkdir()
    (home / "monitor").mkdir(parents=True)
    monkeypatch.chdir(work)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home))
    assert find(None) is None
    for place in (home / "monitor" / "monitor.toml", Path("monitor.toml")):
        place.touch()
        assert find(None) == place
    other.touch()
    monkeypatch.setenv("MONITOR_CONFIG", str(other))
    assert find(None) == other
    assert find(Path("monitor.toml")) == Path("monitor.toml")


def test_a_named_file_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"There is no settings file .*: write one with"):
        find(tmp_path / "nowhere.toml")


def test_a_password_is_never_sent_in_the_clear_but_to_this_machine(file: Path) -> None:
    login = 'security = "none"\nusername = "u"\npassword = "p"\n'
    file.write_text(MAIL + login)
    with pytest.raises(SettingsError, match="would send its password in the clear"):
        load(file)
    file.write_text(MAIL.replace("mail.example.org", "localhost") + login)
    assert isinstance(load(file).channels["mail"], EmailChannel)
