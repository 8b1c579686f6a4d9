/* SkillFlow Lab, MIT licence. Texts to what an exported Supervisor reads. Written by scripts/deployModule.mjs. */
// src/encoder/boundedCache.ts
/**
* A function that remembers its results for the `size` texts it met first; the oldest goes when a new one comes.
* @param compute must depend on its text alone
*/
function boundedCache(size, compute) {
	const results = /* @__PURE__ */ new Map();
	return (text) => {
		const known = results.get(text);
		if (known !== void 0) return known.result;
		const result = compute(text);
		if (results.size >= size) {
			const oldest = results.keys().next();
			if (!oldest.done) results.delete(oldest.value);
		}
		results.set(text, { result });
		return result;
	};
}
// src/encoder/hash.ts
/** Hashing of texts and files: FNV-1a over UTF-8, and the finaliser of MurmurHash3. Equal on every machine. */
var UTF8 = new TextEncoder();
/** FNV-1a, 32 bits, unsigned (Fowler, Noll, Vo). */
function fnv1a(text) {
	let hash = 2166136261;
	for (const byte of UTF8.encode(text)) hash = Math.imul(hash ^ byte, 16777619);
	return hash >>> 0;
}
/** The finaliser of MurmurHash3 (Appleby): every bit of the word reaches every bit of the result. Unsigned. */
function avalanche(word) {
	let hash = word;
	hash = Math.imul(hash ^ hash >>> 16, 2246822507);
	hash = Math.imul(hash ^ hash >>> 13, 3266489909);
	return (hash ^ hash >>> 16) >>> 0;
}
// src/encoder/words.ts
/**
* The words of a text, in order: runs of letters, marks and digits, lower case, in Unicode's composed form.
* "What's the GDP of Côte d'Ivoire?" has the words what, s, the, gdp, of, côte, d, ivoire.
*/
function words(text) {
	return text.normalize("NFKC").toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
}
// src/encoder/textFeatures.ts
/**
* What a text is made of: words, word bigrams and character n-grams, each with its weight. The hashed encoder adds them up
* in few entries; here they stay apart.
*/
var WORD_WEIGHT = 1;
/** Euclidean weight of all the character n-grams of one word together: enough to know "heated" from "heat". */
var CHARACTER_WEIGHT = .5;
var CHARACTER_LENGTHS = [
	3,
	4,
	5
];
var CACHED_TEXTS$1 = 2e4;
/** The features of one word by itself: the word, and its n-grams with its ends marked, so that a prefix differs from a middle. */
function featuresOfWord(word) {
	const characters = [...`<${word}>`];
	const grams = CHARACTER_LENGTHS.flatMap((length) => Array.from({ length: Math.max(0, characters.length - length + 1) }, (_, i) => characters.slice(i, i + length).join("")));
	const weight = CHARACTER_WEIGHT / Math.sqrt(grams.length);
	return [[`word ${word}`, WORD_WEIGHT], ...grams.map((gram) => [`characters ${gram}`, weight])];
}
/** The feature of two words that follow one another. */
function bigram(first, second) {
	return `bigram ${first} ${second}`;
}
/** The features of a text, summed where they occur more than once. */
function textFeatures(text) {
	const sums = /* @__PURE__ */ new Map();
	const add = (feature, weight) => {
		const key = fnv1a(feature);
		sums.set(key, (sums.get(key) ?? 0) + weight);
	};
	const list = words(text);
	for (const [i, word] of list.entries()) {
		for (const [feature, weight] of featuresOfWord(word)) add(feature, weight);
		if (i > 0) add(bigram(list[i - 1], word), 1);
	}
	const entries = [...sums].sort(([a], [b]) => a - b);
	const norm = Math.sqrt(entries.reduce((total, [, weight]) => total + weight * weight, 0));
	return {
		keys: Uint32Array.from(entries, ([key]) => key),
		weights: Float64Array.from(entries, ([, weight]) => weight / norm)
	};
}
/** The cosine of two texts by what they have in common, 0 to 1; 0 where either has no words. */
function likeness(a, b) {
	let sum = 0;
	for (let i = 0, j = 0; i < a.keys.length && j < b.keys.length;) if (a.keys[i] === b.keys[j]) sum += a.weights[i++] * b.weights[j++];
	else if (a.keys[i] < b.keys[j]) i++;
	else j++;
	return sum;
}
/**
* The same encoder, but its cosines are taken of the words themselves. Between hashed vectors those of unrelated texts are
* not 0 but spread around it by 1 / sqrt(dimensions), which is as much as one word among fifteen makes.
*/
function matchingWords(encoder) {
	return {
		...encoder,
		id: `${encoder.id}-words`,
		features: boundedCache(CACHED_TEXTS$1, textFeatures)
	};
}
// src/encoder/hashedEncoder.ts
/**
* The built-in encoder: hashed words, word bigrams and character n-grams, no download.
*
* Each feature adds its weight, with hashed signs, to eight hashed entries (Feature Hashing for Large Scale
* Multitask Learning, 0902.2206; with several entries a feature, Sparser Johnson-Lindenstrauss Transforms,
* 1012.1577): two words that meet in one entry still differ in the others. Sums are in float64 and in a fixed
* order, with operations that IEEE 754 rounds alike on every machine.
*/
var ENTRIES = 8;
/** Texts and words that are kept. A vector of 256 entries takes 1 KB for a text, 2 KB for a word. */
var CACHED_TEXTS = 2e4;
var CACHED_WORDS = 5e3;
var GOLDEN = 2654435769;
/**
* An encoder of `dimensions` entries with caches of its own.
* @throws RangeError unless dimensions is a positive integer
*/
function hashedEncoder(dimensions = 256) {
	if (!Number.isInteger(dimensions) || dimensions < 1) throw new RangeError(`The hashed encoder needs a positive number of dimensions, not ${dimensions}.`);
	const wordSum = boundedCache(CACHED_WORDS, (word) => {
		const sum = new Float64Array(dimensions);
		for (const [feature, weight] of featuresOfWord(word)) addFeature(sum, feature, weight);
		return sum;
	});
	const encode = boundedCache(CACHED_TEXTS, (text) => {
		const sum = new Float64Array(dimensions);
		const list = words(text);
		for (const [i, word] of list.entries()) {
			const ofWord = wordSum(word);
			for (let d = 0; d < dimensions; d++) sum[d] += ofWord[d];
			if (i > 0) addFeature(sum, bigram(list[i - 1], word), 1);
		}
		const norm = Math.sqrt(sum.reduce((total, value) => total + value * value, 0));
		return Float32Array.from(sum, (value) => norm === 0 ? 0 : value / norm);
	});
	return {
		id: `hashed-${dimensions}`,
		dimensions,
		encode
	};
}
function addFeature(sum, feature, weight) {
	const hash = fnv1a(feature);
	for (let i = 1; i <= ENTRIES; i++) {
		const mixed = avalanche(hash ^ Math.imul(i, GOLDEN));
		sum[(mixed >>> 1) % sum.length] += (mixed & 1) === 0 ? weight : -weight;
	}
}
// src/supervisor/taskTokens.ts
/** The task as tokens that an action attends to. */
/** The distinct words of a task's text, in order, without one that is the whole text; last the whole text. */
function taskTokens(text) {
	return [...new Set(words(text))].filter((word) => word !== text).concat(text);
}
// src/supervisor/onnx/feeds.ts
/** Kinds of action in the order of their numbers. */
var KIND_NUMBERS = [
	"act",
	"skill",
	"accept"
];
/** `[texts, dimensions]` */
function vectors(encoder, texts) {
	const { dimensions } = encoder;
	const data = new Float32Array(texts.length * dimensions);
	for (const [i, text] of texts.entries()) data.set(encoder.encode(text), i * dimensions);
	return {
		type: "float32",
		data,
		dims: [texts.length, dimensions]
	};
}
/** `[rows, columns]` */
function cosines(features, rows, columns) {
	const [ofRows, ofColumns] = [rows.map(features), columns.map(features)];
	return {
		type: "float32",
		data: Float32Array.from(ofRows.flatMap((row) => ofColumns.map((column) => likeness(row, column)))),
		dims: [rows.length, columns.length]
	};
}
var floats = (values) => ({
	type: "float32",
	data: Float32Array.from(values),
	dims: [values.length]
});
var integers = (values) => ({
	type: "int32",
	data: Int32Array.from(values),
	dims: [values.length]
});
/** Of some lists, all that stands in them and which list each thing is from. */
function joined(lists) {
	return {
		all: lists.flat(),
		of: lists.flatMap((list, i) => list.map(() => i))
	};
}
/**
* Inputs of `policy.onnx`.
* @throws RangeError where there is no action, or a skill without its place
*/
function policyFeeds(encoder, state, actions) {
	if (actions.length === 0) throw new RangeError("A state without actions has no policy; give one action or more.");
	const slotOf = ({ text, kind, slot }) => {
		if (kind !== "skill") return 0;
		if (slot === void 0) throw new RangeError(`The skill "${text}" needs "slot", its place in the library.`);
		return slot + 1;
	};
	const texts = actions.map(({ text }) => text);
	const ofTask = taskTokens(state.task);
	const tokens = [...state.items, ...ofTask];
	const { features } = encoder;
	return {
		task: vectors(encoder, [state.task]),
		words: vectors(encoder, ofTask.slice(0, -1)),
		items: vectors(encoder, state.items),
		step: floats([state.step]),
		actions: vectors(encoder, texts),
		...features && {
			cosines: cosines(features, texts, tokens),
			taskCosines: cosines(features, [state.task], tokens)
		},
		kind: integers(actions.map(({ kind }) => KIND_NUMBERS.indexOf(kind))),
		skill: integers(actions.map(slotOf))
	};
}
/**
* Inputs of `backward.onnx`.
* @param over what its log P_B is over, as `supervisor.json` says
* @throws RangeError where no edge enters, or one lacks what the model reads
*/
function backwardFeeds(encoder, entered, edges, over = "entering") {
	if (edges.length === 0) throw new RangeError("A node that no edge enters has no backward policy; give one or more.");
	const common = {
		task: vectors(encoder, [entered.task]),
		items: vectors(encoder, entered.items),
		step: floats([entered.step]),
		actions: vectors(encoder, edges.map(({ action }) => action))
	};
	if (over === "actions") {
		const legal = joined(edges.map(({ action, legal: of = [] }) => {
			if (!of.includes(action)) throw new RangeError(`The edge "${action}" needs "legal", with itself in it.`);
			return of;
		}));
		return {
			...common,
			legal: vectors(encoder, legal.all),
			legalOf: integers(legal.of)
		};
	}
	const parents = joined(edges.map(({ parent }) => parent.items));
	return {
		...common,
		parentItems: vectors(encoder, parents.all),
		parentOf: integers(parents.of),
		parentStep: floats(edges.map(({ parent }) => parent.step))
	};
}
export { backwardFeeds, hashedEncoder, matchingWords, policyFeeds };
