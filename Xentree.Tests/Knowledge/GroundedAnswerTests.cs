using Xentree.Domain.Knowledge;

namespace Xentree.Tests.Knowledge;

/// <summary>Quotes and the statements that they bear out.</summary>
public sealed class GroundedAnswerTests
{
    private const string Source = "The shop\nopens at nine — “daily”, and it's closed at noon. The price is 4.50.";

    [Theory]
    [InlineData("The shop opens at nine", "The shop\nopens at nine")]
    [InlineData("the SHOP  opens", "The shop\nopens")]
    [InlineData("nine - \"daily\"", "nine — “daily”")]
    [InlineData("it’s closed at noon.", "it's closed at noon.")]
    [InlineData("…price is 4.50…", "price is 4.50")]
    public void A_quote_is_found_as_it_stands_in_the_source(string quote, string verbatim)
    {
        Assert.Equal(verbatim, Quotation.Find(Source, quote));
        Assert.Contains(verbatim, Source, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("The shop opens at ten")]
    [InlineData("shop")]
    [InlineData("hop opens at nin")]
    [InlineData("price is 4.5")]
    [InlineData("")]
    [InlineData("…")]
    [InlineData("—")]
    public void What_does_not_stand_there_or_is_too_little_is_none(string quote) => Assert.Null(Quotation.Find(Source, quote));

    [Fact]
    public void A_whole_source_of_one_word_may_be_quoted() => Assert.Equal("Closed", Quotation.Find("Closed", "closed"));

    [Fact]
    public void A_statement_lives_by_its_quotes()
    {
        var statements = GroundedAnswer.Read(
            """
            Here is what I found:
            At nine. [1] "opens at nine"
            - It costs 4.50.
            [1] "The price is 4.50"
            Twice. [1] "opens at nine" and [2] "Second, with “marks” inside"
            Half. [1] "opens at ten" [2] "with “marks”"
            Never. [3] "opens at nine"
            [2] "Second, with"
            """,
            [Source, "Second, with “marks” inside."]);

        Assert.Equal(["At nine.", "- It costs 4.50.", "Twice.", "Half.", "Second, with"], statements.Select(statement => statement.Text));
        Assert.Equal([1, 1, 2, 1, 1], statements.Select(statement => statement.Quotes.Count));
        Assert.Equal(new SourceQuote(1, "Second, with “marks” inside"), statements[2].Quotes[1]);
    }
}
