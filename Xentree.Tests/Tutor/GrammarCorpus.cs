namespace Xentree.Tests.Tutor;

/// <summary>
/// Sentences of our own with what is wrong in them between brackets; those without brackets are right. The half that is held out was
/// written with the other, before either was tried, and no rule or filter was made with an eye on it.
/// </summary>
internal static class GrammarCorpus
{
    /// <summary>What rules and filters may be made for.</summary>
    public static IReadOnlyList<LabelledSentence> Known { get; } = Read(
        """
        My [freind] lives next door.
        I have [recieved] your letter.
        She [don't] like cold weather.
        We [was] very tired after the trip.
        I saw [a] elephant at the zoo.
        He gave me some good [advices].
        Yesterday I [go] to the dentist.
        They didn't [came] to the party.
        I [could of] passed the exam.
        [Its] a beautiful day today.
        The news [are] on television now.
        Can you [explain me] this exercise?
        I look forward to [meet] you.
        There [is] many people in the street.
        He is [more taller] than his brother.
        I am [agree] with you.
        I [dont] know the answer.
        My sister has [an] new bicycle.
        We went [their] by car last summer.
        I [has] two brothers and a sister.
        My favourite colour is grey.
        We travelled through the centre of London by bus.
        Please organise the programme for our neighbours.
        Ivana and Dubravka met Krešimir in Zagreb.
        I organized the whole program in the theater.
        Marko Horvat has been my teacher since 2019.
        She works as a nurse in a hospital near the river.
        If I were you, I would take the train.
        The children were playing in the garden when it started to rain.
        It's raining, so the dog is in its basket.
        Neither of them has ever been to Australia.
        He asked whether I had finished my homework.
        My mother, who is a doctor, works at night.
        We have lived here for ten years.
        I enjoy reading, swimming and cooking.
        Have you ever eaten ćevapi with ajvar?
        """);

    /// <summary>What neither was made for.</summary>
    public static IReadOnlyList<LabelledSentence> HeldOut { get; } = Read(
        """
        It was a [definately] better idea.
        Tomorrow we will [celabrate] her birthday.
        He [have] a big house by the sea.
        They [is] waiting at the station.
        She wants to be [a] actress.
        The hotel room had old [furnitures].
        Last year we [visit] our cousins in Spain.
        Where did you [bought] those shoes?
        You [should of] called me earlier.
        [Your] the best teacher in the school.
        People [is] usually helpful in small towns.
        Please [listen me] when I speak.
        I am interested [on] history.
        I have [much] friends at work.
        This test is the [most easiest] of all.
        She [said me] that she was ill.
        He [doesnt] eat fish.
        We stayed in [an] hotel for [a] hour.
        I am here [since] two weeks.
        I have lost [mine] keys.
        The grey aeroplane had a cancelled flight from the harbour.
        Her neighbour's behaviour was a little odd.
        My cheque was in the catalogue on the jewellery counter.
        Božica lives with Tvrtko near Šibenik.
        She analyzed the color of the aluminum sample.
        Nguyen Van Thanh and Oyelaran moved to Ljubljana.
        I used to play the piano when I was a child.
        The bridge was built more than a hundred years ago.
        You had better leave now, or you will miss the last bus.
        Those who arrive late have to wait outside.
        Her jacket is warmer than mine.
        By the time we arrived, the film had already begun.
        Could you tell me where the nearest bank is?
        There are fewer cars on the road on Sundays.
        I would rather stay at home than go out tonight.
        We ordered paella, gazpacho and a bottle of rioja.
        """);

    private static LabelledSentence[] Read(string sentences) => [.. sentences.Split('\n').Select(LabelledSentence.Read)];
}

/// <summary>A sentence and what is wrong in it.</summary>
/// <param name="Text">The sentence.</param>
/// <param name="Errors">Where the errors are: offset and length; none where it is right.</param>
internal sealed record LabelledSentence(string Text, IReadOnlyList<(int Offset, int Length)> Errors)
{
    public static LabelledSentence Read(string marked)
    {
        var errors = new List<(int, int)>();
        var text = marked.Trim();
        for (int open; (open = text.IndexOf('[', StringComparison.Ordinal)) >= 0;)
        {
            var close = text.IndexOf(']', StringComparison.Ordinal);
            errors.Add((open, close - open - 1));
            text = text.Remove(close, 1).Remove(open, 1);
        }

        return new(text, errors);
    }
}
