import { noData, type Command, type NoData } from '../command.ts';
import { repositoryTime, type RepositoryTime } from './repository-time.ts';

/** v2.0§31.10 table 31-10. Request none, response 4 bytes. */
export const getSelTime: Command<NoData, RepositoryTime> = {
  name: 'Get SEL Time',
  netFn: 'storage',
  code: 0x48,
  request: noData,
  response: repositoryTime,
};

/** v2.0§31.11 table 31-11. Request 4 bytes, response none. */
export const setSelTime: Command<RepositoryTime, NoData> = {
  name: 'Set SEL Time',
  netFn: 'storage',
  code: 0x49,
  request: repositoryTime,
  response: noData,
};
