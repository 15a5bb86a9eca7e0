using Xentree.Ai;
using Xentree.Ai.Grammar;

namespace Xentree.Tests.Tutor;

/// <summary>Our rules and Harper together, over the Harper that the AppHost runs.</summary>
public sealed class GrammarCheckerTests(EmbeddedServers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true, 17, 1)]
    [InlineData(false, 14, 2)]
    public async Task Together_they_catch_more_and_blame_less_than_Harper_alone(bool isKnown, int leastCaught, int mostFalse)
    {
        var corpus = isKnown ? GrammarCorpus.Known : GrammarCorpus.HeldOut;
        await using var tutor = new TutorHost(await servers.LanguageConnectionStringAsync());
        var (together, harper, rules) = (new Score(), new Score(), new Score());
        foreach (var sentence in corpus)
        {
            together.Count(sentence, (await tutor.Grammar.CheckAsync(sentence.Text, "en", Cancelled)).Corrections);
            harper.Count(sentence, [.. (await tutor.Language.CheckAsync(sentence.Text, EnglishDialect.American, Cancelled))!.Lints
                .Select(lint => new Correction(lint.Offset, lint.Length, sentence.Text.Substring(lint.Offset, lint.Length), lint.Replacements, lint.Category, lint.Message))]);
            rules.Count(sentence, Correction.In(sentence.Text));
        }

        TestContext.Current.SendDiagnosticMessage($"known {isKnown}; together {together}; Harper alone {harper}; rules alone {rules}");
        Assert.True(together.Caught >= leastCaught && together.False <= mostFalse, $"{together}; Harper alone {harper}; rules alone {rules}");
        Assert.True(together.Caught > harper.Caught && together.False < harper.False, $"{together}; Harper alone {harper}");
    }

    [Theory]
    [InlineData("en-GB", "My favourite colour is grey, and the theatre in the centre was cancelled.")]
    [InlineData("en-US", "My favourite colour is grey, and the theatre in the centre was cancelled.")]
    [InlineData("en-GB", "My favorite color is gray, and I traveled to the theater.")]
    [InlineData("hr", "My favorite color is gray, and the neighbours travelled to the theatre.")]
    public async Task British_and_American_spelling_are_both_right(string language, string text)
    {
        await using var tutor = new TutorHost(await servers.LanguageConnectionStringAsync());

        var report = await tutor.Grammar.CheckAsync(text, language, Cancelled);

        Assert.Equal(HarperAnswer.Whole, report.Harper);
        Assert.Empty(report.Corrections.Select(c => $"{c.Found}: {c.Message}"));
    }

    [Fact]
    public async Task Of_two_that_find_the_same_error_ours_is_told()
    {
        await using var tutor = new TutorHost(await servers.LanguageConnectionStringAsync());

        var report = await tutor.Grammar.CheckAsync("I need some informations about the freind of my brother.", null, Cancelled);

        Assert.Equal(["information", "friend"], report.Corrections.Select(correction => correction.Replacements[0]));
        Assert.Equal(["Nouns without a plural", "Spelling"], report.Corrections.Select(correction => correction.Category));
    }

    [Fact]
    public async Task Offsets_count_UTF_16_units()
    {
        await using var tutor = new TutorHost(await servers.LanguageConnectionStringAsync());
        const string Text = "😀😀 My freind 👩‍👩‍👧 has recieved a 🎁, and she go home. 🇭🇷 Definately!";

        var report = await tutor.Grammar.CheckAsync(Text, null, Cancelled);

        Assert.Superset(new HashSet<string> { "freind", "recieved", "Definately" }, report.Corrections.Select(correction => correction.Found).ToHashSet());
        Assert.All(report.Corrections, correction => Assert.Equal(correction.Found, Text.Substring(correction.Offset, correction.Length)));
    }

    [Fact]
    public async Task A_text_is_cut_where_no_error_is_lost_or_moved()
    {
        await using var tutor = new TutorHost(await servers.LanguageConnectionStringAsync());
        var text = string.Concat(Enumerable.Range(0, 60).Select(i => $"This is line {i} of my text, and 😀 my freind reads it.\n"));

        var report = await tutor.Grammar.CheckAsync(text, null, Cancelled);

        var read = report.Harper == HarperAnswer.Whole ? text : text[..report.HarperRead];
        Assert.Equal(read.Split("freind").Length - 1, report.Corrections.Count(correction => correction.Found == "freind"));
        Assert.All(report.Corrections, correction => Assert.Equal(correction.Found, text.Substring(correction.Offset, correction.Length)));
    }

    [Theory]
    [InlineData("My freind recieve a informations from he go to school. ")]
    [InlineData("a")]
    [InlineData("xq9z ")]
    [InlineData("(")]
    [InlineData("😀")]
    [InlineData("Recieveing ")]
    public async Task A_message_of_the_greatest_length_is_answered_in_bounded_time(string repeated)
    {
        await using var tutor = new TutorHost(await servers.LanguageConnectionStringAsync());
        var text = string.Concat(Enumerable.Repeat(repeated, 32_000 / repeated.Length));
        var since = TimeProvider.System.GetTimestamp();

        await tutor.AskAsync(text);

        Assert.InRange(TimeProvider.System.GetElapsedTime(since).TotalSeconds, 0, 15);
    }

    [Fact]
    public async Task Without_Harper_the_rules_still_correct_and_the_report_says_so()
    {
        await using var without = new TutorHost(null);
        await using var down = new TutorHost("http://127.0.0.1:1");

        var (none, unreachable) = (await without.Grammar.CheckAsync("She is a engineer.", null, Cancelled), await down.Grammar.CheckAsync("She is a engineer.", null, Cancelled));

        Assert.Equal((HarperAnswer.NotConfigured, 1), (none.Harper, none.Corrections.Count));
        Assert.Equal((HarperAnswer.Unreachable, 1), (unreachable.Harper, unreachable.Corrections.Count));
    }

    private sealed class Score
    {
        private readonly List<string> _missed = [];
        private readonly List<string> _blamed = [];

        public int Caught { get; private set; }

        public int False => _blamed.Count;

        public void Count(LabelledSentence sentence, IReadOnlyList<Correction> corrections)
        {
            var isCaught = sentence.Errors.Count > 0 && sentence.Errors.Any(error => corrections.Any(c => Touches(c, error)));
            if (isCaught) Caught++;
            else if (sentence.Errors.Count > 0) _missed.Add(sentence.Text);
            _blamed.AddRange(corrections.Where(c => !sentence.Errors.Any(error => Touches(c, error))).Select(c => $"{c.Found} ({c.Category}) in: {sentence.Text}"));
        }

        public override string ToString() => $"{Caught} caught, {False} false; missed: {string.Join(" | ", _missed)}; blamed: {string.Join(" | ", _blamed)}";

        private static bool Touches(Correction correction, (int Offset, int Length) error) =>
            correction.Offset < error.Offset + error.Length && error.Offset < correction.Offset + correction.Length;
    }
}
