/** The folders that an account sorts its chats into (core.telegram.org/api/folders). */
import type { TlObject } from '../tl/values.ts';
import { pushToOthers } from './push-to-others.ts';
import { method, type MethodTable } from './method.ts';
import { RpcError } from '../mtproto/rpc-error.ts';

const ALL_CHATS: TlObject = { _: 'dialogFilterDefault' };
const MIN_ID = 2;
const MAX_ID = 255;
const MAX_FOLDERS = 10;
const BY_KIND = ['contacts', 'nonContacts', 'groups', 'broadcasts', 'bots'] as const;

interface UpdateFilter extends TlObject {
  id: number;
  filter?: TlObject & { title: TlObject; pinnedPeers: TlObject[]; includePeers: TlObject[] };
}

export const folderMethods: MethodTable = {
  'messages.getDialogFilters': method(({ account }) => {
    const { folders } = account.world;
    return { _: 'messages.dialogFilters', filters: [ALL_CHATS, ...folders] };
  }),

  'messages.updateDialogFilter': method<UpdateFilter>((context, { id, filter }) => {
    const { world } = context.account;
    if (id < MIN_ID || id > MAX_ID) throw new RpcError(400, 'FILTER_ID_INVALID');
    const isThere = world.folders.some((folder) => folder.id === id);
    if (!filter) world.folders = world.folders.filter((folder) => folder.id !== id);
    else {
      if (filter.title.text === '') throw new RpcError(400, 'FILTER_TITLE_EMPTY');
      const isEmpty = filter.pinnedPeers.length + filter.includePeers.length === 0;
      if (isEmpty && !BY_KIND.some((kind) => filter[kind])) throw new RpcError(400, 'FILTER_INCLUDE_EMPTY');
      if (!isThere && world.folders.length >= MAX_FOLDERS) throw new RpcError(400, 'FILTERS_TOO_MUCH');
      const kept = { ...filter, id };
      world.folders = isThere
        ? world.folders.map((folder) => (folder.id === id ? kept : folder))
        : [...world.folders, kept];
    }
    pushToOthers(context, [], [{ _: 'updateDialogFilter', id, filter }]);
    return true;
  }),

  'messages.updateDialogFiltersOrder': method<TlObject & { order: number[] }>((context, { order }) => {
    const { world } = context.account;
    const placeOf = ({ id }: TlObject) =>
      (order.indexOf(id as number) + order.length + 1) % (order.length + 1);
    world.folders = world.folders.toSorted((a, b) => placeOf(a) - placeOf(b));
    pushToOthers(context, [], [{ _: 'updateDialogFilterOrder', order }]);
    return true;
  }),
};
