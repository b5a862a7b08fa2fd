"""The role's filters, without Ansible: python3 -m unittest discover tests/config"""

import importlib.util
import pathlib
import sys
import types
import unittest

PLUGIN = pathlib.Path(__file__).parents[2] / "config/ansible/roles/vbmc/filter_plugins/vbmc.py"


class FilterError(Exception):
    """In the place of Ansible's."""


errors = types.ModuleType("ansible.errors")
errors.AnsibleFilterError = FilterError
sys.modules.update({"ansible": types.ModuleType("ansible"), "ansible.errors": errors})
sys.dont_write_bytecode = True
spec = importlib.util.spec_from_file_location("vbmc", PLUGIN)
vbmc = importlib.util.module_from_spec(spec)
spec.loader.exec_module(vbmc)

FIRST, LAST = 10000, 29999


def ports(names, present="", first=FIRST, last=LAST, **given):
    bmcs = [{"name": name, **({"port": given[name]} if name in given else {})} for name in names]
    return {bmc["name"]: bmc["port"] for bmc in vbmc.with_ports(bmcs, {}, present, first, last)}


def as_inventory(assigned):
    return "".join("\n[%s]\nport = %d\n" % each for each in assigned.items())


class Ports(unittest.TestCase):
    def test_are_the_same_whatever_the_order(self):
        names = ["node-%d" % number for number in range(500)]
        assigned = ports(names)
        self.assertEqual(assigned, ports(reversed(names)))
        self.assertEqual(len(set(assigned.values())), 500)
        self.assertTrue(all(FIRST <= port <= LAST for port in assigned.values()))

    def test_stay_for_ever(self):
        # Recorded: another hash would move every port that anybody has written down.
        self.assertEqual(ports(["node-0", "web.example.org"]), {"node-0": 12096, "web.example.org": 25755})

    def test_of_others_do_not_change_with_a_new_bmc(self):
        # So few ports that nearly all hashes meet.
        range_ = {"first": 1000, "last": 1031}
        names, present, assigned = [], "", {}
        for number in range(32):
            # Earlier ones in the alphabet come later.
            names.append("node-%02d" % (31 - number))
            after = ports(names, present, **range_)
            self.assertEqual({name: after[name] for name in assigned}, assigned)
            assigned, present = after, as_inventory(after)
        self.assertEqual(sorted(assigned.values()), list(range(1000, 1032)))

    def test_of_others_do_not_change_when_one_goes(self):
        range_ = {"first": 1000, "last": 1031}
        names = ["node-%02d" % number for number in range(32)]
        before = ports(names, **range_)
        after = ports(names[1:], as_inventory(before), **range_)
        self.assertEqual(after, {name: before[name] for name in names[1:]})

    def test_that_are_given_win(self):
        self.assertEqual(ports(["a"], **{"a": 6230}), {"a": 6230})
        # Also over one that another has so far.
        before = ports(["a"])
        after = ports(["a", "b"], as_inventory(before), b=before["a"])
        self.assertEqual(after["b"], before["a"])
        self.assertNotEqual(after["a"], before["a"])

    def test_outside_of_the_range_are_derived_again(self):
        self.assertEqual(ports(["a"], "[a]\nport = 623\n"), ports(["a"]))

    def test_of_defaults_are_for_all(self):
        bmcs = [{"name": "a"}, {"name": "b", "port": 6230}]
        given = vbmc.with_ports(bmcs, {"port": 623}, "", FIRST, LAST)
        self.assertEqual([bmc["port"] for bmc in given], [623, 6230])

    def test_names_are_unique(self):
        with self.assertRaisesRegex(FilterError, "two BMCs of one name: a>>$"):
            ports(["a", "b", "a"])

    def test_names_are_there(self):
        with self.assertRaisesRegex(FilterError, "no name"):
            vbmc.with_ports([{"domain_name": "a"}], {}, "", FIRST, LAST)

    def test_are_enough(self):
        with self.assertRaisesRegex(FilterError, "widen it"):
            ports(["a", "b"], first=1, last=1)

    def test_for_the_firewall_are_ranges(self):
        bmcs = [{"port": port} for port in (6232, 6230, 6231, 7000, 6230)] + [{}]
        self.assertEqual(vbmc.udp_ports(bmcs), ["623", "6230-6232", "7000"])


class PrintableErrors(unittest.TestCase):
    def printable(self, **result):
        return vbmc.printable_error(result, "/etc/vbmc/domains.ini")

    def test_of_a_template_name_what_is_undefined_and_nothing_else(self):
        quoted = "The error was: [{'password': 'hidden'}, {'password': '{{ typo }}'}]: 'typo' is undefined. 'typo' is undefined"
        self.assertEqual(self.printable(msg=quoted), "typo is undefined")
        quoted = "[{'password': 'hidden'}]: 'dict object' has no attribute 'word'"
        self.assertEqual(self.printable(msg=quoted), "a template asks for word, which is undefined")

    def test_hide_what_is_not_known(self):
        for message in ("template error. String: hidden{{x", "hidden", "Unexpected failure: hidden"):
            self.assertNotIn("hidden", self.printable(msg=message))

    def test_print_what_vbmc_validate_says(self):
        text = self.printable(msg="failed to validate", exit_status=1, stdout="/tmp/x/y:3: [a] bad\n", stderr="")
        self.assertEqual(text, "/etc/vbmc/domains.ini:3: [a] bad\n")

    def test_print_our_own_refusals(self):
        try:
            vbmc.with_ports(["x"], {}, "", 1, 2)
        except FilterError as error:
            quoted = "An error: %s. [{'password': 'hidden'}]" % error
        self.assertEqual(self.printable(msg=quoted), "vbmc_bmcs is not a list of dictionaries")


class Inventory(unittest.TestCase):
    def test_values(self):
        self.assertEqual(vbmc.ini_value(True), "yes")
        self.assertEqual(vbmc.ini_value(6230), "6230")
        self.assertEqual(vbmc.ini_value([17, 3]), '"17 3"')
        self.assertEqual(vbmc.ini_value('a;b"c\\d #e'), '"a;b\\"c\\\\d #e"')

    def test_a_value_is_one_line(self):
        with self.assertRaises(FilterError) as caught:
            vbmc.ini_value("secret\n[DEFAULT]")
        self.assertNotIn("sec", str(caught.exception))

    def test_names_of_sections(self):
        self.assertEqual(vbmc.ini_section("web.example.org"), "web.example.org")
        for name in ("a]", "a\nb", " a", ""):
            with self.assertRaises(FilterError):
                vbmc.ini_section(name)


if __name__ == "__main__":
    unittest.main()
