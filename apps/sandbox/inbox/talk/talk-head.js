/** The head of the open conversation: whose it is, and its id to copy. */
import { avatar } from '../chats/avatar.js';
import { byId } from '../../../ui/elements.js';
import { counted, say } from '../shared/language.js';

/** @import { ChatJson } from '../../http/inbox-views.ts' */

/** @param {ChatJson} chat */
export function drawHead(chat) {
  const { kind, members, username, banned, archived } = chat;
  const about = [say(kind), username && `@${username}`];
  if (['chat', 'supergroup', 'channel'].includes(kind)) about.push(counted('members', members));
  if (banned) about.push(say('banned'));
  if (archived) about.push(say('archived'));
  const aboutText = about.filter(Boolean).join(' · ');
  byId('talk-avatar').replaceChildren(avatar(chat));
  byId('talk-name').textContent = chat.title;
  byId('talk-about').textContent = aboutText;
  byId('talk-about').title = aboutText;
  const copy = byId('talk-id');
  copy.dataset.text = chat.chat_id;
  copy.title = say('copyId');
  const id = copy.querySelector('code');
  if (id) id.textContent = chat.chat_id;
}
