using System.Collections.Frozen;

namespace Xentree.Domain.Knowledge;

/// <summary>A language whose words PostgreSQL knows how to reduce to their stems.</summary>
/// <param name="Name">The name of PostgreSQL's configuration.</param>
/// <param name="Tag">The BCP 47 language.</param>
/// <param name="Words">Words by which a text shows that it is in this language.</param>
public sealed record TextLanguage(string Name, string Tag, IReadOnlyList<string> Words)
{
    private const int MaxWords = 20_000;

    /// <summary>A language must fill this part of a text with its small words to be taken for the text's.</summary>
    private const double LeastShare = 0.08;

    /// <summary>No language in particular: words are compared as they stand.</summary>
    public static TextLanguage Simple { get; } = new("simple", "", []);

    /// <summary>Every language.</summary>
    public static IReadOnlyList<TextLanguage> All { get; } =
    [
        Simple,
        Of("danish", "da", "og det at en den til er som på de med han af for ikke der var jeg men et har om vi havde hun nu over da fra du ud sin dem os op man hans hvor eller hvad skal selv her alle vil blev kunne"),
        Of("dutch", "nl", "de en van ik te dat die in een hij het niet zijn is was op aan met als voor had er maar om hem dan zou of wat mijn men dit zo door over ze zich bij ook tot je mij uit der daar haar naar heb hoe heeft hebben deze u want nog zal me zij nu"),
        Of("english", "en", "the and of to a in that is was he for it with as his on be at by had not are but from or have an they which one you were her all she there would their we him been has when who will no more if out so said what its about into than them can only other new some could time these two may then do first any my now such like our over man me even most made after also did many"),
        Of("finnish", "fi", "ja on ei että se hän oli en joka mutta ovat olla myös kun niin hänen kuin sen jos tai sitä ole minä siitä voi mitä vain mukaan ollut jo sekä nyt olen sitten tämä kanssa"),
        Of("french", "fr", "de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont la avec ou mais comme on son lui nous cette ses fait elle été leur même aux ils tout y sans deux si aussi peut bien ces je vous était"),
        Of("german", "de", "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis mehr durch man sein wurde sei ich du wir ihr"),
        Of("hungarian", "hu", "a az és hogy nem is egy ez azt volt mint csak meg de van ha már el még ezt vagy lehet kell minden amely után ki amit között itt majd nagyon pedig úgy sem"),
        Of("italian", "it", "di e il la che in a per un del non è le si dei una con i da al come della sono nel alla più anche ma lo ha gli o delle dal su se era ci suo questo essere stato loro quando io mi dove"),
        Of("norwegian", "no", "og i det på som er en til å for av at var med han ikke den har jeg om et men de hadde hun seg fra du nå ut opp da vi sin ble bli eller hva skal selv her alle vil være kan meg"),
        Of("portuguese", "pt", "de a o que e do da em um para com não uma os no se na por mais as dos como mas foi ao ele das tem à seu sua ou ser quando muito nos já está eu também só pelo pela até isso ela entre era depois sem mesmo aos"),
        Of("romanian", "ro", "de și în a la cu nu o să pe care din un este că mai se au ce pentru sunt fi prin sau era ca au dar lui am fost ai cel cele ei după fără dacă"),
        Of("russian", "ru", "и в не на я быть он с что а по это она этот к но они мы весь который из у за от то как его так же вы для бы ты все если или только о было ещё уже когда"),
        Of("serbian", "sr", "i u je da se na su za od a nije što kao sa ne koji ali iz to bi o ili sam samo kako do može sve više kad po biti još bio ima koja koje"),
        Of("spanish", "es", "de la que el en y a los del se las por un para con no una su al lo como más pero sus le ya o este sí porque esta entre cuando muy sin sobre también me hasta hay donde quien desde todo nos durante ni yo fue es"),
        Of("swedish", "sv", "och i att det som en på är av för med den till inte har de ett om han men var jag sig från vi så kan man när år under också efter eller nu sin där vid mot ska skulle kommer ut får"),
        Of("turkish", "tr", "bir ve bu da de için ile o ne gibi daha çok en kadar sonra olarak ki mi ben var olan değil her ama diye şey ya ise kendi zaman hiç biz sen olduğu"),
    ];

    private static readonly FrozenDictionary<string, TextLanguage> ByTag = All.Where(language => language.Tag.Length > 0).ToFrozenDictionary(language => language.Tag);

    private static readonly FrozenDictionary<string, TextLanguage[]> ByWord = All
        .SelectMany(language => language.Words.Distinct().Select(word => (Word: word, Language: language)))
        .GroupBy(pair => pair.Word, pair => pair.Language)
        .ToFrozenDictionary(group => group.Key, group => group.ToArray());

    /// <summary>The language of a tag such as <c>de-AT</c>.</summary>
    public static TextLanguage OfTag(string tag)
    {
        ArgumentNullException.ThrowIfNull(tag);
        return ByTag.GetValueOrDefault(tag.Split('-')[0].ToLowerInvariant(), Simple);
    }

    /// <summary>The language that a text is in, by its small words; null where none fills enough of it.</summary>
    public static TextLanguage? Detect(IEnumerable<string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        var counts = new Dictionary<TextLanguage, int>();
        var words = 0;
        foreach (var word in texts.SelectMany(WordsOf).Take(MaxWords))
        {
            words++;
            foreach (var language in ByWord.GetValueOrDefault(word, [])) counts[language] = counts.GetValueOrDefault(language) + 1;
        }

        if (counts.Count == 0) return null;

        var (best, count) = counts.MaxBy(pair => pair.Value);
        return count < words * LeastShare ? null : best;
    }

    private static TextLanguage Of(string name, string tag, string words) => new(name, tag, words.Split(' '));

    private static IEnumerable<string> WordsOf(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            if (!char.IsLetter(text[at]))
            {
                at++;
                continue;
            }

            var start = at;
            while (at < text.Length && char.IsLetter(text[at])) at++;
            yield return text[start..at].ToLowerInvariant();
        }
    }
}
