using CsCheck;
using Xentree.Domain.Knowledge;

namespace Xentree.Tests.Knowledge;

public sealed class PassageSplitterTests
{
    private static PassageSplitter Words(int most) => new(text => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length, most);

    [Fact]
    public void A_passage_carries_the_headings_above_it_and_its_page()
    {
        TextBlock[] blocks = [new("Bees", 1, 1), new("A guide.", 0, 1), new("Year", 2, 2), new("Spring", 3, 2), new("Feed them.", 0, 2), new("Tools", 2, 3), new("A smoker.", 0, 3)];

        var passages = Words(50).Split(blocks).Select(p => (p.Heading, p.Page, p.Content)).ToList();

        Assert.Equal([("Bees", 1, "A guide."), ("Bees › Year › Spring", 2, "Feed them."), ("Bees › Tools", 3, "A smoker.")], passages);
    }

    [Fact]
    public void Paragraphs_share_a_passage_as_long_as_they_fit()
    {
        var passages = Words(6).Split([new("one two three"), new("four five six"), new("seven")]).Select(p => p.Content);

        Assert.Equal(["one two three\n\nfour five six", "seven"], passages);
    }

    [Fact]
    public void A_long_paragraph_is_split_between_sentences_and_not_after_an_abbreviation() =>
        Assert.Equal(["He met Dr. smith today.", "Then he left again."], Words(6).Split([new("He met Dr. smith today. Then he left again.")]).Select(p => p.Content));

    [Fact]
    public void A_heading_that_nothing_follows_is_a_passage_itself() =>
        Assert.Equal(["Only this", "And that"], Words(10).Split([new("Only this", 1), new("And that", 1)]).Select(p => p.Content));

    [Fact]
    public void A_passage_that_says_something_ends_with_its_page() =>
        Assert.Equal([1, 2], Words(8).Split([new("a b c d e", 0, 1), new("f g", 0, 2)]).Select(p => p.Page!.Value));

    [Fact]
    public void Nothing_is_lost_and_nothing_is_too_long() =>
        Gen.Char["ab .!?\n漢"].Array[0, 40].Select(chars => new string(chars)).Array[0, 8].Sample(paragraphs =>
        {
            var splitter = new PassageSplitter(text => (text.Length + 3) / 4, maxTokens: 3);

            var passages = splitter.Split(paragraphs.Select(text => new TextBlock(text))).ToList();

            Assert.Equal(Letters(string.Concat(paragraphs)), Letters(string.Concat(passages.Select(p => p.Content))));
            Assert.All(passages, passage => Assert.InRange(passage.Tokens, 1, 3));
            Assert.Equal(Enumerable.Range(0, passages.Count), passages.Select(p => p.Ordinal));
        });

    [Fact]
    public void A_word_of_a_million_letters_is_cut() =>
        Assert.All(new PassageSplitter(text => text.Length / 8).Split([new(new string('x', 1_000_000))]), passage => Assert.InRange(passage.Content.Length, 1, 1_700));

    private static string Letters(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));
}

public sealed class HybridScoreTests
{
    private static readonly Guid[] Ids = [.. Enumerable.Range(1, 5).Select(i => new Guid(i, 0, 0, new byte[8]))];

    [Fact]
    public void Meaning_leads_words_add_to_it_and_the_best_of_both_scores_1()
    {
        var fused = HybridScore.Fuse([(Ids[0], 1), (Ids[4], 1), (Ids[2], 0.5)], [(Ids[0], 1), (Ids[3], 0.5), (Ids[2], 0.45), (Ids[1], 0.1)]);

        Assert.Equal([Ids[0], Ids[2], Ids[3], Ids[4], Ids[1]], fused.Select(hit => hit.Id));
        Assert.Equal(1, fused[0].Score, 6);
        Assert.All(fused, hit => Assert.InRange(hit.Score, double.Epsilon, 1));
    }

    [Fact]
    public void One_ranking_alone_keeps_its_order()
    {
        Assert.Equal([Ids[4], Ids[1]], HybridScore.Fuse([], [(Ids[4], 0.5), (Ids[1], 0.4)]).Select(hit => hit.Id));
        Assert.Equal([(Ids[4], 0.5), (Ids[1], 0.25)], HybridScore.Fuse([(Ids[1], 0.25), (Ids[4], 0.5)], []));
    }
}

public sealed class TextLanguageTests
{
    [Theory]
    [InlineData("The train leaves at nine, and it is not late.", "english")]
    [InlineData("Der Zug fährt um neun Uhr ab, und er ist nicht verspätet.", "german")]
    [InlineData("Le train part à neuf heures et il n'est pas en retard.", "french")]
    [InlineData("El tren sale a las nueve y no llega tarde, pero hay que estar en la estación.", "spanish")]
    [InlineData("Vlak polazi u devet sati i ne kasni, ali se mora doći na vrijeme.", "serbian")]
    public void A_text_shows_its_language(string text, string name) => Assert.Equal(name, TextLanguage.Detect([text])?.Name);

    [Fact]
    public void Numbers_and_names_show_none() => Assert.Null(TextLanguage.Detect(["4711 0815", "Zagreb Split Rijeka Osijek"]));

    [Theory]
    [InlineData("en", "english")]
    [InlineData("pt-BR", "portuguese")]
    [InlineData("xx", "simple")]
    public void A_tag_names_a_language(string tag, string name) => Assert.Equal(name, TextLanguage.OfTag(tag).Name);
}
