// The search box and the filters. The page is complete without them.
//
// They hang on #tools, which is hidden until this runs, with #search, the buttons
// of #filters with data-filter, and #count; on the links of #letters; and on .card, whose
// data-has lists what the filters look for, within .letter. #nobody is shown if no card is.
'use strict';
(() => {
	const tools = document.getElementById('tools');
	if (!tools) return; // a page of one person
	const search = document.getElementById('search');
	const count = document.getElementById('count');
	const nobody = document.getElementById('nobody');
	const buttons = [...tools.querySelectorAll('[data-filter]')];

	// Letters that have no accent to take off.
	const letters = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ħ: 'h', ŧ: 't', ı: 'i' };
	const fold = (text) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/[ßæœøłđðþħŧı]/g, (letter) => letters[letter]);
	const isPressed = (button) => button.getAttribute('aria-pressed') === 'true';
	const digits = (text) => text.replace(/\D/g, '');

	// What is searched is read when it is first needed.
	let sections;
	function readCards() {
		sections = [...document.querySelectorAll('.letter')].map((section) => ({
			section,
			link: document.querySelector(`#letters a[href="#${section.id}"]`),
			cards: [...section.querySelectorAll('.card')].map((card) => ({
				card,
				text: fold([...card.querySelectorAll('h3, dd')].map((part) => part.textContent).join('\n')),
				numbers: [...card.querySelectorAll('a[href^="tel:"]')].map((link) => digits(link.href)).join(' '),
				has: card.dataset.has.split(' '),
			})),
		}));
	}

	function update() {
		if (!sections) readCards();
		const words = fold(search.value).split(/\s+/).filter(Boolean);
		const filters = buttons.filter(isPressed).map((button) => button.dataset.filter);
		// A number is found however it is written, also as it is dialed within the country.
		const number = /^[\d\s+()./-]{3,}$/.test(search.value) ? digits(search.value).replace(/^0+/, '') : '';
		const matches = ({ text, numbers, has }) =>
			filters.every((filter) => has.includes(filter)) &&
			(words.every((word) => text.includes(word)) || (number !== '' && numbers.includes(number)));
		let shown = 0;
		let all = 0;
		for (const { section, link, cards } of sections) {
			let any = false;
			for (const item of cards) {
				const match = matches(item);
				if (item.card.hidden === match) item.card.hidden = !match;
				any ||= match;
				shown += match;
			}
			all += cards.length;
			section.hidden = !any;
			if (link) link.parentElement.hidden = !any;
		}
		nobody.hidden = shown > 0;
		const isAll = words.length === 0 && filters.length === 0;
		count.textContent = isAll ? '' : `${shown.toLocaleString('en')} of ${all.toLocaleString('en')} people`;
	}

	search.addEventListener('input', update);
	search.addEventListener('keydown', (event) => {
		if (event.key === 'Escape' && search.value !== '') {
			event.preventDefault();
			search.value = '';
			update();
		}
	});
	for (const button of buttons) {
		button.addEventListener('click', () => {
			button.setAttribute('aria-pressed', String(!isPressed(button)));
			update();
		});
	}
	tools.hidden = false;
	// Without a place to start from, Chromium looks at every link for the first Tab, and lays
	// out each card for that: half a minute for 10,000. The focus that was in the body is one.
	if (!location.hash) {
		document.body.tabIndex = -1;
		document.body.focus({ preventScroll: true });
		document.body.blur();
		document.body.removeAttribute('tabindex');
	}
	if (search.value !== '') update(); // a browser may fill it in again after a reload
})();
