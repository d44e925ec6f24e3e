/** The folders that an account sorts its chats into (core.telegram.org/api/folders). */
import type { TlObject } from '../tl/values.ts';
import { pushToOthers } from './push-to-others.ts';
import { method, type MethodTable } from './method.ts';
import { RpcError } from '../mtproto/rpc-error.ts';

const allChats: TlObject = { _: 'dialogFilterDefault' };
const minId = 2;
const maxId = 255;
const maxFolders = 10;
const byKind = ['contacts', 'nonContacts', 'groups', 'broadcasts', 'bots'] as const;

interface UpdateFilter extends TlObject {
  id: number;
  filter?: TlObject & { title: TlObject; pinnedPeers: TlObject[]; includePeers: TlObject[] };
}

export const folderMethods: MethodTable = {
  'messages.getDialogFilters': method(({ account }) => {
    const { folders } = account.world;
    return { _: 'messages.dialogFilters', filters: [allChats, ...folders] };
  }),

  'messages.updateDialogFilter': method<UpdateFilter>((context, { id, filter }) => {
    const { world } = context.account;
    if (id < minId || id > maxId) throw new RpcError(400, 'FILTER_ID_INVALID');
    const isThere = world.folders.some((folder) => folder.id === id);
    if (!filter) world.folders = world.folders.filter((folder) => folder.id !== id);
    else {
      if (filter.title.text === '') throw new RpcError(400, 'FILTER_TITLE_EMPTY');
      const isEmpty = filter.pinnedPeers.length + filter.includePeers.length === 0;
      if (isEmpty && !byKind.some((kind) => filter[kind])) throw new RpcError(400, 'FILTER_INCLUDE_EMPTY');
      if (!isThere && world.folders.length >= maxFolders) throw new RpcError(400, 'FILTERS_TOO_MUCH');
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
