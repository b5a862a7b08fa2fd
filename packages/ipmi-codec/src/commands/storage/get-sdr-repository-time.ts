import { noData, type Command, type NoData } from '../command.ts';
import { repositoryTime, type RepositoryTime } from './repository-time.ts';

/** v2.0§33.17 table 33-12. Request none, response 4 bytes. */
export const getSdrRepositoryTime: Command<NoData, RepositoryTime> = {
  name: 'Get SDR Repository Time',
  netFn: 'storage',
  code: 0x28,
  request: noData,
  response: repositoryTime,
};
