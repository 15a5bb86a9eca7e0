namespace Xentree.Api.Features.Xp.Card;

/// <summary>The colours of a card, as style rules. They are written out, because not every renderer of SVG knows custom properties.</summary>
/// <param name="Ground">The card.</param>
/// <param name="Edge">Its edge and its lines.</param>
/// <param name="Text">Names and numbers.</param>
/// <param name="Quiet">Words beside them.</param>
/// <param name="Accent">The mark, the level's ring.</param>
/// <param name="Bright">The ring's other end.</param>
/// <param name="Flame">A streak that goes on.</param>
/// <param name="Prize">The longest streak.</param>
/// <param name="Saver">A day that a saver covers.</param>
/// <param name="Days">A day without XP, and the four intensities.</param>
internal sealed record CardPalette(
    string Ground, string Edge, string Text, string Quiet, string Accent, string Bright, string Flame, string Prize, string Saver, IReadOnlyList<string> Days)
{
    private static readonly CardPalette Light = new(
        "#ffffff", "#dce3e0", "#16211c", "#5a6862", "#0c8a55", "#35c281", "#f26a1b", "#c98a06", "#1d9bd8", ["#ebefed", "#b5e8cb", "#69cf9a", "#24a86a", "#0a6b42"]);

    private static readonly CardPalette Dark = new(
        "#0e1513", "#26332e", "#ecf4f0", "#93a59d", "#2fbf7f", "#7ceab4", "#ff8a3d", "#f2b93b", "#4cc2f5", ["#1b2623", "#0d4a31", "#137a4c", "#28b273", "#72efb0"]);

    /// <summary>The style sheet of a theme.</summary>
    public static string Style(CardTheme theme) => theme switch
    {
        CardTheme.Light => Shapes + Light.Rules,
        CardTheme.Dark => Shapes + Dark.Rules,
        _ => $"{Shapes}{Light.Rules}@media (prefers-color-scheme:dark){{{Dark.Rules}}}",
    };

    private const string Shapes =
        """
        text{font-family:ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Noto Sans","Liberation Sans",Arial,sans-serif,"Apple Color Emoji","Segoe UI Emoji","Noto Color Emoji"}
        .name{font-weight:700}.line{font-size:13px}.small{font-size:11px}.label{font-size:10px}.caps{font-size:9px;font-weight:600;letter-spacing:1px}
        .number{font-weight:700;font-variant-numeric:tabular-nums}.mid{text-anchor:middle}.end{text-anchor:end}.mark{font-weight:700;font-size:12px}
        .ring{fill:none;stroke-width:8;stroke-linecap:round}.day{stroke-width:5;stroke-linejoin:round;stroke-linecap:round}

        """;

    private string Rules =>
        $".ground{{fill:{Ground};stroke:{Edge}}}.rule{{stroke:{Edge}}}.name,.number{{fill:{Text}}}.quiet{{fill:{Quiet}}}.accent,.mark{{fill:{Accent}}}"
        + $".track{{stroke:{Days[0]}}}.from{{stop-color:{Accent}}}.to{{stop-color:{Bright}}}.flame{{fill:{Flame}}}.prize{{fill:{Prize}}}.saver{{fill:none;stroke:{Saver}}}"
        + string.Concat(Days.Select((colour, intensity) => $".d{intensity}{{fill:{colour};stroke:{colour}}}"));
}
