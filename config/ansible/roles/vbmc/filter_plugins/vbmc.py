"""Filters of the role: stable ports, values in the syntax of vbmcd's inventory, ranges of ports."""

import hashlib
import re

from ansible.errors import AnsibleFilterError

WELL_KNOWN_PORT = 623

# Around the messages of this file, which hold no password. Ansible puts text of its own around them.
BEGIN, END = "<<vbmc: ", ">>"

HIDDEN = (
    "a task has failed with a message that may hold passwords, so it is not printed: "
    "look for templates ({{ }}) and types in vbmc_bmcs, vbmc_defaults and vbmc_settings"
)


def printable_error(result, inventory):
    """Why the inventory could not be written, from the result of the task that failed: only what holds no password."""
    message = str(result.get("msg", ""))
    if "evaluated_to" in result:
        return message
    if "exit_status" in result:
        # vbmc validate, about a temporary file. It prints no value that can be a secret.
        printed = "%s%s" % (result.get("stdout", ""), result.get("stderr", ""))
        return re.sub(r"(?m)^\S*/[^/:\s]+:", lambda _: inventory + ":", printed)
    own = re.search(re.escape(BEGIN) + "(.*?)" + re.escape(END), message, re.DOTALL)
    if own:
        return own.group(1)
    names = re.findall(r"'([A-Za-z_][A-Za-z0-9_]*)' is undefined", message)
    if names:
        return "%s is undefined" % names[-1]
    attributes = re.findall(r"object' has no attribute '([A-Za-z_][A-Za-z0-9_]*)'", message)
    if attributes:
        return "a template asks for %s, which is undefined" % attributes[-1]
    if re.match(r"(Destination |chown failed|chgrp failed|chmod failed)", message):
        return message.splitlines()[0]
    return HIDDEN


def _refusal(message):
    return AnsibleFilterError(BEGIN + message + END)


def with_ports(bmcs, defaults, present, first, last):
    """The BMCs, each with a port.

    A BMC gets the first of these: its own port, the port of `defaults`, the port that it has in `present` (the text
    of the inventory on the host), or one derived from its name: a hash into the range from `first` to `last`, and the
    next free port where that one is taken. So a BMC that is added or removed changes no other BMC's port, and on a new
    host all get the ports that they had, except the few whose hashes collide.
    """
    if not isinstance(bmcs, (list, tuple)) or not all(isinstance(bmc, dict) for bmc in bmcs):
        raise _refusal("vbmc_bmcs is not a list of dictionaries")
    if not isinstance(defaults, dict):
        raise _refusal("vbmc_defaults is not a dictionary")
    if not all("name" in bmc for bmc in bmcs):
        raise _refusal("one of vbmc_bmcs has no name")
    names = [str(bmc["name"]) for bmc in bmcs]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise _refusal("vbmc_bmcs has two BMCs of one name: %s" % ", ".join(twice))
    if "port" in defaults:
        return [dict(bmc, port=bmc.get("port", defaults["port"])) for bmc in bmcs]
    if last - first + 1 < len(bmcs):
        raise _refusal("vbmc_port_range has fewer ports than there are BMCs: widen it")

    ports = {str(bmc["name"]): int(bmc["port"]) for bmc in bmcs if "port" in bmc}
    taken = set(ports.values())
    had = _ports_in(present)
    for name in sorted(names):
        port = had.get(name)
        if name not in ports and port is not None and first <= port <= last and port not in taken:
            ports[name] = port
            taken.add(port)
    for name in sorted(names):
        if name not in ports:
            ports[name] = _free_port(name, taken, first, last)
            taken.add(ports[name])
    return [dict(bmc, port=ports[str(bmc["name"])]) for bmc in bmcs]


def udp_ports(bmcs):
    """The ports that the firewall has to let in, as `6230` and `6232-6240`."""
    ports = sorted({int(bmc.get("port", WELL_KNOWN_PORT)) for bmc in bmcs})
    ranges = []
    for port in ports:
        if ranges and ranges[-1][1] == port - 1:
            ranges[-1][1] = port
        else:
            ranges.append([port, port])
    return [str(low) if low == high else "%d-%d" % (low, high) for low, high in ranges]


def ini_value(value):
    """A value as domains.ini has it: yes and no, numbers as they are, lists with spaces, text in double quotes."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, (list, tuple)):
        return ini_value(" ".join(str(each) for each in value))
    text = str(value)
    if re.search(r"[\r\n\0]", text):
        # Not which: it may be a password.
        raise _refusal("a value of the inventory has more than one line")
    return '"%s"' % re.sub(r'(["\\])', r"\\\1", text)


def ini_section(name):
    """The name of a section, in which some characters have a meaning."""
    text = str(name)
    if text != text.strip() or not text or re.search(r"[\]\r\n\0]", text):
        raise _refusal("%s cannot be the name of a section: choose another, and set domain_name" % ascii(text))
    return text


def _free_port(name, taken, first, last):
    size = last - first + 1
    start = int(hashlib.sha256(name.encode("utf-8")).hexdigest(), 16) % size
    for step in range(size):
        port = first + (start + step) % size
        if port not in taken:
            return port
    raise _refusal("no port is left in vbmc_port_range for %s: widen it" % ascii(name))


def _ports_in(text):
    ports = {}
    section = None
    for line in text.splitlines():
        header = re.match(r"\s*\[([^\]]*)\]", line)
        port = re.match(r"\s*port\s*=\s*[\"']?([0-9]+)", line)
        if header:
            section = header.group(1).strip()
        elif port and section is not None:
            ports.setdefault(section, int(port.group(1)))
    return ports


class FilterModule:
    """What Ansible looks for."""

    def filters(self):
        return {
            "vbmc_printable_error": printable_error,
            "vbmc_with_ports": with_ports,
            "vbmc_udp_ports": udp_ports,
            "vbmc_ini_value": ini_value,
            "vbmc_ini_section": ini_section,
        }
