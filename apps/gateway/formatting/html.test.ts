import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readingOf, type Example } from './testing/reading.ts';

const { parse, reads, answersAny } = readingOf('html', 'caption');

describe('HTML', () => {
  it.each<Example>([
    ['', '', []],
    ['a\n b', 'a\n b', []],
    ['<b>a</b><strong>b</strong>', 'ab', ['bold:a', 'bold:b']],
    ['<i>a</i><em>b</em>', 'ab', ['italic:a', 'italic:b']],
    ['<u>a</u><ins>b</ins>', 'ab', ['underline:a', 'underline:b']],
    [
      '<s>a</s><strike>b</strike><del>c</del>',
      'abc',
      ['strikethrough:a', 'strikethrough:b', 'strikethrough:c'],
    ],
    ['<span class="tg-spoiler">a</span><tg-spoiler>b</tg-spoiler>', 'ab', ['spoiler:a', 'spoiler:b']],
    ['<B Class=x>a</B >', 'a', ['bold:a']],
    ['<b>a</>', 'a', ['bold:a']],
    ['<b>a <i>b</i> c</b>', 'a b c', ['bold:a b c', 'italic:b']],
    ['<b>a<b>b</b></b>', 'ab', ['bold:ab']],
    ['<b>a </b>b', 'a b', ['bold:a']],
    ['<b> </b>b', 'b', []],
    ['<b></b>', '', []],
    ['👍<b>👍</b>', '👍👍', ['bold:👍']],
  ])('reads %j', reads);

  it.each<Example>([
    ['<a href="https://b.example/?a=1&amp;b=2">a</a>', 'a', ['text_link:a:https://b.example/?a=1&b=2']],
    ["<a href='b.example'>a</a>", 'a', ['text_link:a:http://b.example']],
    ['<a href=b.example>a</a>', 'a', ['text_link:a:http://b.example']],
    ['<a>b.example</a>', 'b.example', ['text_link:b.example:http://b.example']],
    ['<a href="tg://user?id=5">a</a>', 'a', ['text_mention:a:5']],
    ['<a href="nowhere">a</a>', 'a', []],
    ['<a href="a.example"><a href="b.example">a</a></a>', 'a', ['text_link:a:http://b.example']],
    ['<a href="a.example">a <code>b</code></a>', 'a b', ['text_link:a b:http://a.example']],
    ['<tg-emoji emoji-id="5368324170671202286">👍</tg-emoji>', '👍', ['custom_emoji:👍:5368324170671202286']],
    ['<tg-time unix="1647531900" format="wDT">a</tg-time>', 'a', ['date_time:a:1647531900 wDT']],
    ['<tg-time unix=1647531900><b>a</b></tg-time>', 'a', ['date_time:a:1647531900 ', 'bold:a']],
    ['<code>a  b </code>c', 'a  b c', ['code:a  b ']],
    ['<pre>a\n\tb</pre>', 'a\n\tb', ['pre:a\n\tb']],
    ['<pre><code class="language-python">a</code></pre>', 'a', ['pre:a:python']],
    ['<code class="language-python"><pre>a</pre></code>', 'a', ['pre:a:python']],
    ['<pre><code>a</code></pre>', 'a', ['pre:a']],
    ['<pre>b<code class="language-python">a</code></pre>', 'ba', ['pre:ba']],
    ['<code class="language-python">a</code>', 'a', ['code:a']],
    ['<b>a<code>b</code>c</b>', 'abc', ['bold:a', 'code:b', 'bold:c']],
    ['<code>a<b>b</b></code>', 'ab', ['code:ab']],
    ['<blockquote>a\nb</blockquote>c', 'a\nbc', ['blockquote:a\nb']],
    ['<blockquote expandable>a</blockquote>', 'a', ['expandable_blockquote:a']],
    ['<blockquote>a<blockquote>b</blockquote></blockquote>', 'ab', ['blockquote:ab']],
    ['<blockquote><b>a</b><pre>b</pre></blockquote>', 'ab', ['blockquote:ab', 'bold:a', 'pre:b']],
    ['<a href="b.example">a<blockquote>b</blockquote></a>', 'ab', ['blockquote:b']],
  ])('reads %j', reads);

  it.each([
    ['&lt;b&gt; &amp; &quot;', '<b> & "'],
    ['&lt &amp, &#60;&#x3C;&#128077;&#x1f44d', '< &, <<👍👍'],
    ['&nbsp;&Or;&ltx;&;&#;&#0;&#x110000; & a&', '&nbsp;&Or;&ltx;&;&#;&#0;&#x110000; & a&'],
    ['a > b "c"', 'a > b "c"'],
  ])('reads the references in %j', (source, text) => {
    expect(parse(source)).toEqual({ text, entities: [] });
  });

  it.each([
    ['a <br>', 3, 'tag <br> is not one of b, strong,'],
    ['a < b>', 3, "and '<' itself is written &lt;"],
    ['a <3', 3, "tag <3 has no '>'"],
    ['<div>a</div>', 1, 'tag <div> is not one of'],
    ['<b', 1, "tag <b has no '>'"],
    ['<b class', 1, "tag <b> has no '>'"],
    ['<b class = ', 1, "tag <b> has no '>'"],
    ['<a href="b.example>a</a>', 1, 'a value in tag <a> has no closing "'],
    ['<a href=b.example/c>a</a>', 9, 'must stand in quotation marks'],
    ['<a ="b">a</a>', 4, 'an attribute of tag <a> has no name'],
    ['<span>a</span>', 1, 'tag <span> takes class="tg-spoiler"'],
    ['<tg-emoji emoji-id="x">a</tg-emoji>', 1, 'tag <tg-emoji> takes emoji-id'],
    ['<tg-emoji emoji-id="9223372036854775808">a</tg-emoji>', 1, 'tag <tg-emoji> takes emoji-id'],
    ['<tg-time>a</tg-time>', 1, 'tag <tg-time> takes unix'],
    ['<tg-time unix="0">a</tg-time>', 1, 'tag <tg-time> takes unix'],
    ['<tg-time unix="2147483648">a</tg-time>', 1, 'tag <tg-time> takes unix'],
    ['<tg-time unix="1" format="tT">a</tg-time>', 1, 'tag <tg-time> takes unix'],
    ['👍 <b>a', 4, 'tag <b> is never closed'],
    ['a</b>', 2, 'tag </b> closes nothing'],
    ['<b>a</b', 5, "this closing tag has no '>'"],
    ['<b>a</i>', 5, 'tag </i> stands where </b> must close <b>'],
    ['<b><i>a</b></i>', 8, 'tag </b> stands where </i> must close <i>'],
    ['a &#xD83D; b', 3, '&#xD83D; is half a character'],
    ['<constructor>a</constructor>', 1, 'tag <constructor> is not one of'],
  ])('refuses %j at character %i: %s', (source, character, sentence) => {
    expect(() => parse(source)).toThrow(`caption: HTML cannot be parsed at character ${character}: `);
    expect(() => parse(source)).toThrow(sentence);
  });

  it('answers any text with a text that fits its entities, or with a refusal by position', () => {
    answersAny([
      ...[
        '<b>',
        '</b>',
        '<pre>',
        '</pre>',
        '<code class="language-x">',
        '</code>',
        '<a href="b.example">',
        '</a>',
      ],
      ...[
        '<blockquote expandable>',
        '</blockquote>',
        '<tg-time unix=1>',
        '</tg-time>',
        '</>',
        '<',
        '>',
        '&',
        '&lt;',
        '"',
        ' ',
        '\n',
        '\r',
        'ab',
        '👍',
      ],
    ]);
  });

  it('gives back any text that was escaped', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
        expect(parse(`x${escaped}x`)).toEqual({ text: `x${text.replaceAll('\r', '')}x`, entities: [] });
      }),
    );
  });
});
