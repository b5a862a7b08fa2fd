import { readDomainList } from '#supervisor/virsh/domain-list.ts';

const uuid = '3f0a9ad2-9bb5-4a4b-9c0b-0d5b9c1c2e11';
const another = uuid.replace('3', '4');

test('UUIDs by names, whatever else stands there', () => {
  const list = readDomainList(
    `${uuid} web.example.org     \n${another} 1\n\nDomain: 'web.example.org'\n  state.state=1\n`,
  );
  expect([...list]).toEqual([
    ['web.example.org', uuid],
    ['1', another],
  ]);
});

test('names that differ in blanks at their end only have no UUID', () => {
  expect([...readDomainList(`${uuid} a  \n${another} a   \n`)]).toEqual([]);
});
