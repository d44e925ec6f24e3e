/** A poll or a quiz with its answers, how many chose each, and which ones are right. */
import { make } from '../../../ui/elements.js';
import { icon } from '../shared/dom.js';
import { clock, fullTime, number } from '../shared/format.js';
import { counted, say } from '../shared/language.js';
import { richText } from '../shared/rich-text.js';

/** @import { PollJson } from '../../http/cards.ts' */

/** @param {PollJson} poll */
export function pollElement(poll) {
  const { question, entities, answers, solution, solution_entities: solutionEntities } = poll;
  const made = make(
    'div',
    { class: 'poll' },
    make('strong', { class: 'poll-question', dir: 'auto' }, ...richText(question, entities)),
    make('small', {}, aboutOf(poll)),
    make('ul', {}, ...answers.map((answer) => answerElement(answer, poll))),
  );
  if (solution) {
    const words = make('p', { dir: 'auto' }, ...richText(solution, solutionEntities));
    made.append(make('div', { class: 'poll-solution' }, make('strong', {}, say('pollExplanation')), words));
  }
  made.append(make('small', { class: 'poll-votes' }, votesOf(poll)));
  return made;
}

/** @param {PollJson['answers'][number]} answer @param {PollJson} poll */
function answerElement({ text, entities, voters, correct }, { total_voters: total, multiple }) {
  const share = total > 0 ? voters / total : 0;
  const open = make('span', { class: multiple ? 'choice many' : 'choice' });
  const percent = make('b', { title: counted('pollVotes', voters) }, `${number(share * 100)}%`);
  const made = make(
    'li',
    {},
    total > 0 ? percent : open,
    make('span', { dir: 'auto' }, ...richText(text, entities)),
    correct && make('span', { class: 'right', title: say('pollRight') }, icon('check')),
    correct && make('span', { class: 'unseen' }, say('pollRight')),
  );
  if (correct) made.dataset.right = '';
  if (total > 0) made.dataset.counted = '';
  made.style.setProperty('--share', String(share));
  return made;
}

/** @param {PollJson} poll */
function aboutOf({ quiz, public: isPublic, multiple }) {
  const anonymous = quiz ? say('quizAnonymous') : say('pollAnonymous');
  const open = quiz ? say('quizPublic') : say('pollPublic');
  return [isPublic ? open : anonymous, multiple && say('pollMultiple')].filter(Boolean).join(' · ');
}

/** @param {PollJson} poll */
function votesOf({ total_voters: total, closed, closes_at: closesAt }) {
  const votes = total > 0 ? counted('pollVotes', total) : say('pollNoVotes');
  if (closed) return `${votes} · ${say('pollClosed')}`;
  if (closesAt === undefined) return votes;
  const isToday = new Date(closesAt).toDateString() === new Date().toDateString();
  return `${votes} · ${say('pollCloses', { time: isToday ? clock(closesAt) : fullTime(closesAt) })}`;
}
