import { readDomainList } from '#worker/libvirt/domain-list.ts';

const UUID = '3f0a9ad2-9bb5-4a4b-9c0b-0d5b9c1c2e11';
const ANOTHER = UUID.replace('3', '4');

test('UUIDs by names, among other output', () => {
  const list = readDomainList(
    `${UUID} web.example.org     \n${ANOTHER} 1\n\nDomain: 'web.example.org'\n  state.state=1\n`,
  );
  expect([...list]).toEqual([
    ['web.example.org', UUID],
    ['1', ANOTHER],
  ]);
});

test('names that differ in blanks at their end only have no UUID', () => {
  expect([...readDomainList(`${UUID} a  \n${ANOTHER} a   \n`)]).toEqual([]);
});
