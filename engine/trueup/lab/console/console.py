"""One session at the console: a line editor as far as scripts need it, menus to stand in, and safe mode."""

from __future__ import annotations

import re
from collections.abc import Callable

from trueup.lab.console.keyboard import BACKSPACE, END, ENTER, INTERRUPT, SAFE
from trueup.lab.console.question import Question
from trueup.lab.console.seat import Seat
from trueup.lab.console.wording import LOST, wording
from trueup.lab.router import Router
from trueup.lab.safety import Holder
from trueup.lab.scripting.console import DENIED, As
from trueup.lab.scripting.trouble import Failure

LONGEST = 1 << 16
"""Characters that a line holds; what is typed beyond is lost."""

SLASHES_SINCE = (7,)
"""Prompts write `/ip/address` from 7 on, `/ip address` before (both in MikroTik documentation)."""

ASKS_PASSWORD_SINCE = (6, 49)
"""A user without a password is asked for one (MikroTik's changelog of 6.49; netmiko's driver answers it)."""

WEDGES_UNTIL = (7,)
"""A session that ends within a question while it holds safe mode stops the console of 6.49.13 (tik4net, by Telnet)."""

QUIT = re.compile(r"/?\s*quit;?")
REBOOT = re.compile(r"/?\s*system[\s/]+reboot;?")
BOTTOM, QUERY = "\x1b[9999B", "\x1b[c"
"""The cursor to the last line, and the question what the terminal is (seen on 7.23.7)."""


class Console:
    """Takes keys and gives back what the terminal shows; `tell` shows what comes unasked, from any thread."""

    def __init__(self, router: Router, seat: Seat, tell: Callable[[str], None] = lambda _: None) -> None:
        self.router = router
        self.seat = seat
        self.number = next(router.sessions)
        self.ended = False
        self.restarts = False
        self._tell = tell
        self._words = wording(router.version)
        self._line = ""
        self._path = ""
        self._question: Question | None = None
        self._acting = False
        router.consoles[self.number] = self._dispossessed
        router.screens[self.number] = self._interrupted

    def begin(self) -> str:
        """The banner, and the first prompt, or a question before it."""
        year = 1970 + int(self.router.clock() // 31_556_952)
        banner = f"\r\n  MikroTik RouterOS {self.router.spec.version} (c) 1999-{year}       https://www.mikrotik.com/\r\n\r\n"
        banner += "Press F1 for help\r\n\r\n"
        user = self.router.user(self.seat.user)
        if self.router.version >= ASKS_PASSWORD_SINCE and user is not None and not user.values.get("password"):
            return f"{banner}Change your password\r\n\r\n" + self._asked(self._new_password())
        return banner + self.prompt()

    def prompt(self) -> str:
        """The prompt with what was typed behind it."""
        identity = self.router.menu("/system/identity").table.rows[0].values.get("name", "")
        path = self._path if self.router.version >= SLASHES_SINCE else "/" + self._path[1:].replace("/", " ")
        end = self._coloured("<SAFE>") if self._holding() else ">"
        moves = "\r\r\r\r" if self.seat.dumb else f"\r{BOTTOM}\r\r\r\r{BOTTOM}"
        return f"{moves}[{self.seat.user}@{identity}] {path if self._path else ''}{end} {self._line}"

    def sets_off(self, key: str) -> str:
        """The command that a key would start: a line, `ctrl-x` or `ctrl-d`; "" for none."""
        if self._question is not None:
            return ""
        if key == ENTER:
            return self._line.strip()
        return {SAFE: "ctrl-x", END: "" if self._line else "ctrl-d"}.get(key, "")

    def press(self, key: str) -> str:
        """What a key does, as the terminal shows it."""
        with self.router.lock:
            self.router.catch_up()
            if self._question is not None:
                return self._answered(self._question, key)
            if key == ENTER:
                return self._enter()
            if key == SAFE:
                return f"\r{self.prompt()}\r\n" + self._toggle()
            return self._edit(key)

    def _edit(self, key: str) -> str:
        if key == END:
            return "" if self._line else self._end()
        if key == INTERRUPT:
            self._line = ""
            return "\r\n" + self.prompt()
        if key == BACKSPACE:
            gone, self._line = self._line[-1:], self._line[:-1]
            return "\b \b" if gone else ""
        shown = key[: LONGEST - len(self._line)]
        self._line += shown
        return shown

    def _enter(self) -> str:
        """Run the line; it is painted once more, as routers do."""
        painted = f"\r{self.prompt()}\r\n"
        line, self._line = self._line.strip(), ""
        if QUIT.fullmatch(line) and (line[0] == "/" or not self._path):
            if self._holding():
                return painted + self._asked(Question(self._words.quitting, self._quit))
            self.ended = True
            return painted + "\r\n"
        if REBOOT.fullmatch(line) and (line[0] == "/" or not self._path):
            return painted + self._asked(Question("Reboot, yes? [y/N]: ", self._reboot))
        said = self.run(line) if line else ""
        return painted + said + ("" if self.ended else self.prompt())

    def drop(self) -> str:
        """Forget the line that was to run: a fault has taken its place."""
        self._line = ""
        return "\r\n"

    def once(self, text: str) -> str:
        """A command by itself, without a terminal: safe mode does not outlast it, and nothing is undone."""
        said = self.run(text)
        with self.router.lock:
            if self._holding():
                self._let_go(undo=False)
        return said

    def run(self, text: str) -> str:
        """What a command says; refusals are part of that. Lines end as on a terminal."""
        who = As(self.seat.user, self.router.policies(self.seat.user), session=self.number)
        run, said = None, ""
        self._acting = True
        try:
            with self.router.lock:
                self.router.catch_up()
                run, self._path = self.router.scripting.typed(text, self._path, who)
                self.router.scripting.finish(run)
        except Failure as failure:
            said = self._coloured(failure.message) + "\n"
        finally:
            self._acting = False
        written = "".join(f"{line}\n" for line in run.output) if run is not None else ""
        return (written + said).replace("\n", "\r\n")

    def _coloured(self, text: str) -> str:
        return text if self.seat.plain else f"\x1b[31m{text}\x1b[m"

    def _holding(self) -> bool:
        held = self.router.safe_mode.holder
        return held is not None and held.session == self.number

    def _toggle(self) -> str:
        """Ctrl-X: take safe mode, release it, or ask what becomes of another's hold."""
        held = self.router.safe_mode.holder
        if held is not None and held.session == self.number:
            self._let_go(undo=False)
            return f"{self._words.released}\r\n{self.prompt()}" + (f"\r{self._words.late}" if self._words.late else "")
        if "write" not in self.router.policies(self.seat.user):
            return f"{self._coloured(DENIED)}\r\n{self.prompt()}"
        if held is None:
            return self._take("abort")
        whose = "current user in another session" if held.user == self.seat.user else "another user"
        return self._asked(Question(self._words.ask.format(whose=whose), self._hijack))

    def _take(self, on_error: str) -> str:
        self.router.safe_mode.take(Holder(self.number, self.seat.user, "ssh", self._dispossessed), on_error)
        return f"{self._words.taken}\r\n{self.prompt()}"

    def _hijack(self, key: str) -> str | None:
        """What becomes of a hold of another session, which may be over by now."""
        wanted = {"u": "unroll", "r": "release"}.get(key.lower())
        if wanted is not None:
            return f"{key}\r\n{self._take(wanted)}"
        return f"{self._words.refused}\r\n{self.prompt()}" if key.lower() in self._words.refuses else None

    def _let_go(self, undo: bool) -> None:
        self._acting = True
        try:
            self.router.safe_mode.end(undo)
        finally:
            self._acting = False

    def _dispossessed(self) -> None:
        """Safe mode is held no more; by whom it was ended matters."""
        if not self._acting and not self.ended:
            self._interrupted(LOST)

    def _interrupted(self, text: str) -> None:
        """Something comes unasked; the prompt is painted anew below it."""
        if not self.ended:
            asked = self._question.ask if self._question is not None else self.prompt()
            self._tell(f"\r\n{text}\r\n{asked}")

    def _asked(self, question: Question) -> str:
        self._question, self._line = question, ""
        return question.ask

    def _answered(self, question: Question, key: str) -> str:
        """A key while a question stands."""
        if question.line and key not in (ENTER, INTERRUPT, END):
            self._line = self._line[:-1] if key == BACKSPACE else (self._line + key)[:LONGEST]
            return "" if question.hidden or key == BACKSPACE else key
        given = self._line if question.line and key == ENTER else key[:1]
        self._question, self._line = None, ""
        followed = question.answer(given)
        if followed is not None:
            return followed
        self._question = question
        return ""

    def _reboot(self, key: str) -> str:
        if key.lower() != "y":
            return f"{key if key.isprintable() else ''}\r\n{self.prompt()}"
        if "reboot" not in self.router.policies(self.seat.user):
            return f"{key}\r\n{self._coloured(DENIED)}\r\n{self.prompt()}"
        self.ended = self.restarts = True
        return f"{key}\r\nsystem will reboot shortly\r\n"

    def _new_password(self, first: str = "") -> Question:
        """Asks for a new password, then for the same once more; Ctrl-C leaves it as it is."""

        def answer(given: str) -> str:
            if given in (INTERRUPT, END) or not given:
                return f"\r\n{self.prompt()}"
            if not first:
                return "\r\n" + self._asked(self._new_password(given))
            if given != first:
                return "\r\nPasswords do not match\r\n" + self._asked(self._new_password())
            self.router.execute(["/user/set", f"=.id={self.seat.user}", f"=password={given}"], user=self.seat.user)
            return f"\r\nPassword changed\r\n{self.prompt()}"

        return Question("repeat new password> " if first else "new password> ", answer, line=True, hidden=True)

    def _quit(self, key: str) -> str:
        """`/quit` while safe mode is held undoes, whatever MikroTik's documentation says (measured by tik4net)."""
        return f"{key}{self._end()}" if key.lower() == "y" else f"\r\n{self.prompt()}"

    def _end(self) -> str:
        """The user ends the session; what is held is undone at once."""
        if self._holding():
            self._let_go(undo=True)
        self.ended = True
        return "\r\n"

    def cut(self) -> None:
        """The peer has gone without a word; the router will take long to find out."""
        with self.router.lock:
            self.router.safe_mode.lost(self.number, cut=True)

    def leave(self) -> None:
        """The session is over; a hold that it still has is undone a moment later.

        In RouterOS 6, one that ends within the question of `/quit` takes the console with it: nothing is undone, and no
        new session gets a shell until a reboot.
        """
        with self.router.lock:
            self.router.consoles.pop(self.number, None)
            self.router.screens.pop(self.number, None)
            if self._question is not None and self._holding() and self.router.version < WEDGES_UNTIL:
                self.router.wedged = True
            elif not self.router.wedged:
                self.router.safe_mode.lost(self.number, cut=False)
            self.ended = True
