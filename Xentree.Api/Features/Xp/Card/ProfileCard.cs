using System.Globalization;
using System.Xml.Linq;
using NodaTime;
using Xentree.Domain.Pulse;
using Xentree.Domain.Xp;

namespace Xentree.Api.Features.Xp.Card;

/// <summary>
/// What a learner shows of themselves on other people's pages, drawn as one SVG that is whole in itself: no script, no address, the
/// reader's own fonts. It is built as a tree, so no name can be anything but text.
/// </summary>
/// <param name="FullName">The name to show, if there is one.</param>
/// <param name="Username">The unique name.</param>
/// <param name="Since">The day of registration.</param>
/// <param name="TotalXp">All XP.</param>
/// <param name="Level">The level.</param>
/// <param name="CurrentStreak">The streak now.</param>
/// <param name="LongestStreak">The longest ever.</param>
/// <param name="Pulse">The year's days.</param>
internal sealed record ProfileCard(
    string? FullName, string Username, LocalDate Since, long TotalXp, Level Level, int CurrentStreak, int LongestStreak, LearningPulse Pulse)
{
    private const int Width = 820;
    private const int Height = 290;
    private const int Edge = 26;

    private const int NameLeft = 126;
    private const int NameWidth = 322;
    private const double LargestName = 23;
    private const double SmallestName = 16;

    private const int StatsLeft = 458;
    private const int StatWidth = 112;

    private const int GridLeft = Edge + 29;
    private const int GridTop = 156;
    private const int Pitch = 14;
    private const int Cell = 11;
    private const int DaysOfWeek = 7;

    // A cell is a small square with a thick round-cornered outline: a whole intensity is one path.
    private const double Corner = 2.5;

    private const string Leaf = "M14 1C6 1 1.5 4.5 1.5 9.5c0 1.1.2 2 .6 2.8C4 8.5 7 6.2 10.5 5.2 7 7.2 4.3 10 2.9 14.3l1.5.5c.3-1 .7-1.9 1.1-2.7 6 .9 9.5-3.6 8.5-11.1z";
    private const string Flame = "M12.6 1.5c.7 3.9-1.4 5.7-3.3 7.9C7.7 11.2 6.2 13 6.2 15.7a6.3 6.3 0 0 0 12.6 0c0-3.3-1.7-5.6-2.6-7.1-.2 1.5-.7 2.6-1.8 3.4.5-3.7-.1-7.9-1.8-10.5z";
    private const string Cup = "M7 2.5h10v1.6h3.6c.1 4.4-1.4 7-4.5 7.7-.8 1.2-1.8 2-3 2.3v3.4h3.4V20H7.5v-2.5h3.4v-3.4c-1.2-.3-2.2-1.1-3-2.3-3.1-.7-4.6-3.3-4.5-7.7H7zm0 3.5H5.3c.2 1.8.8 3 1.9 3.6A15 15 0 0 1 7 6zm10 0c0 1.3 0 2.5-.2 3.6 1.1-.6 1.7-1.8 1.9-3.6z";
    private const string Bolt = "M13.8 1.5 4.5 13.6h6l-1.3 8.9 9.3-12.4h-6z";

    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    /// <summary>The picture.</summary>
    public XElement Draw(CardTheme theme)
    {
        var (fullName, username) = (CardText.Clean(FullName), CardText.Clean(Username));
        var name = fullName.Length > 0 ? fullName : username;
        return Element("svg",
            [("width", Width), ("height", Height), ("viewBox", $"0 0 {Width} {Height}"), ("role", "img"), ("aria-labelledby", "card-title card-text")],
            Element("title", [("id", "card-title")], $"{name} on Xentree"),
            Element("desc", [("id", "card-text")], Describe()),
            Element("style", [], CardPalette.Style(theme)),
            Element("defs", [], Element("linearGradient", [("id", "card-ring"), ("x1", 0), ("y1", 1), ("x2", 1), ("y2", 0)],
                Element("stop", [("class", "from"), ("offset", 0)]), Element("stop", [("class", "to"), ("offset", 1)]))),
            Element("rect", [("class", "ground"), ("x", 0.5), ("y", 0.5), ("width", Width - 1), ("height", Height - 1), ("rx", 14)]),
            DrawLevel(),
            DrawName(name, fullName.Length > 0 ? username : null),
            DrawStats(),
            DrawYear(),
            DrawFoot());
    }

    private string Describe() => string.Create(CultureInfo.InvariantCulture,
        $"Level {Level.Number:N0}, {TotalXp:N0} XP. Current streak {Count(CurrentStreak, "day")}, longest {Count(LongestStreak, "day")}. {Count(Pulse.ActiveDays, "active day")} in the last year.");

    private XElement DrawLevel()
    {
        var number = Level.Number.ToString(CultureInfo.InvariantCulture);
        return Element("g", [("transform", "translate(68 69)")],
            Element("circle", [("class", "ring track"), ("r", 38)]),
            // A round end shows even on no progress at all.
            Level.CurrentLevelXp == 0 ? null : Element("circle",
                [("class", "ring"), ("r", 38), ("stroke", "url(#card-ring)"), ("pathLength", 100), ("stroke-dasharray", string.Create(CultureInfo.InvariantCulture, $"{Level.ProgressPercentage} 100")), ("transform", "rotate(-90)")]),
            Text("caps quiet mid", 0, -11, "LEVEL"),
            Element("text", [("class", "name mid"), ("y", 16), ("font-size", number.Length switch { <= 3 => 27, 4 => 22, 5 => 18, _ => 14 })], number));
    }

    private XElement DrawName(string name, string? username)
    {
        var size = Math.Clamp(NameWidth / CardText.WidthOf(name), SmallestName, LargestName);
        var since = $"{Since.ToString("MMM uuuu", CultureInfo.InvariantCulture)}";
        // A picture of its own, so that a font wider than it was reckoned to be ends at the stats.
        return Element("svg", [("x", NameLeft), ("y", 24), ("width", NameWidth), ("height", 90)],
            Element("text", [("class", "name"), ("y", 33), ("font-size", Math.Floor(size * 2) / 2), .. Direction(name)], CardText.Fit(name, NameWidth, size)),
            Text("line quiet", 0, 56, username is null ? $"Learning since {since}" : $"{CardText.Fit($"@{username}", NameWidth - 95, 12)} · since {since}"),
            Text("small quiet", 0, 77, string.Create(CultureInfo.InvariantCulture,
                $"{Level.CurrentLevelXp:N0} of {Level.XpNeededForNextLevel:N0} XP to level {Level.Number + 1:N0}")));
    }

    private XElement DrawStats() => Element("g", [],
        DrawStat(0, Flame, CurrentStreak > 0 ? "flame" : "quiet", Short(CurrentStreak), "day streak"),
        DrawStat(1, Cup, LongestStreak > 0 ? "prize" : "quiet", Short(LongestStreak), "longest streak"),
        DrawStat(2, Bolt, "accent", Short(TotalXp), "total XP"));

    private static XElement DrawStat(int column, string icon, string colour, string number, string label) =>
        Element("g", [("transform", $"translate({StatsLeft + (column * StatWidth)} 0)")],
            Element("path", [("class", "rule"), ("d", "M.5 36v64")]),
            Element("path", [("class", colour), ("transform", $"translate({(StatWidth / 2) - 11} 31) scale(.92)"), ("d", icon)]),
            Element("text", [("class", "number mid"), ("x", StatWidth / 2), ("y", 82), ("font-size", number.Length <= 5 ? 26 : 22)], number),
            Text("small quiet mid", StatWidth / 2, 101, label));

    private XElement DrawYear()
    {
        var offset = (int)Pulse.Days[0].Date.DayOfWeek % DaysOfWeek;
        var cells = Pulse.Days.Select((day, i) => (Day: day, Column: (i + offset) / DaysOfWeek, Row: (i + offset) % DaysOfWeek)).ToList();
        var intensities = cells.GroupBy(cell => cell.Day.Intensity).OrderBy(same => same.Key)
            .Select(same => Element("path", [("class", $"d{same.Key}"), ("d", string.Concat(same.Select(cell => Square(Left(cell.Column), Top(cell.Row)))))]));
        var covered = string.Concat(cells.Where(cell => cell.Day.FreezeCovered).Select(cell => Dot(Left(cell.Column), Top(cell.Row))));
        return Element("g", [],
            Element("path", [("class", "rule"), ("d", $"M{Edge} 126.5H{Width - Edge}")]),
            Element("g", [], Months(cells).Select(month => Text("label quiet", Left(month.Column), GridTop - 8, month.Name))),
            Element("g", [], ((string[])["Mon", "Wed", "Fri"]).Select((day, i) => Text("label quiet", Edge, Top((2 * i) + 1) + 9, day))),
            Element("g", [("class", "day")], intensities, covered.Length == 0 ? null : Element("path", [("class", "saver"), ("d", covered)])));

        static int Left(int column) => GridLeft + (column * Pitch);

        static int Top(int row) => GridTop + (row * Pitch);
    }

    private XElement DrawFoot()
    {
        const int baseline = 272;
        const int legend = Width - Edge - (5 * Pitch) - 32;
        var hasSavers = Pulse.Days.Any(day => day.FreezeCovered);
        return Element("g", [],
            Element("path", [("class", "accent"), ("transform", $"translate({Edge} {baseline - 12}) scale(.95)"), ("d", Leaf)]),
            Text("mark", Edge + 19, baseline, "Xentree"),
            Text("small quiet", Edge + 82, baseline, $"{Count(Pulse.ActiveDays, "active day")} in the last year"),
            !hasSavers ? null : Element("g", [("class", "day")],
                Element("path", [("class", "d0"), ("d", Square(legend - 142, baseline - 9))]),
                Element("path", [("class", "saver"), ("d", Dot(legend - 142, baseline - 9))])),
            !hasSavers ? null : Text("small quiet", legend - 126, baseline, "streak saver"),
            Text("small quiet end", legend - 6, baseline, "Less"),
            Element("g", [("class", "day")], Enumerable.Range(0, 5).Select(i => Element("path", [("class", $"d{i}"), ("d", Square(legend + (i * Pitch), baseline - 9))]))),
            Text("small quiet end", Width - Edge, baseline, "More"));
    }

    // Where a month begins, unless the next begins so soon that its name would run into this one's.
    private static List<(int Column, string Name)> Months(List<(PulseDay Day, int Column, int Row)> cells)
    {
        const int room = 3;
        var months = cells.GroupBy(cell => (cell.Day.Date.Year, cell.Day.Date.Month))
            .Select(month => (month.First().Row == 0 ? month.First().Column : month.First().Column + 1, month.First().Day.Date.ToString("MMM", CultureInfo.InvariantCulture)))
            .ToList();
        if (cells[0].Day.Date.Day != 1 && cells[0].Row != 0) months[0] = (0, months[0].Item2);
        return [.. months.Where((month, i) => month.Item1 <= cells[^1].Column && (i + 1 == months.Count || months[i + 1].Item1 - month.Item1 >= room))];
    }

    private static string Square(int left, int top) => string.Create(CultureInfo.InvariantCulture, $"M{left + Corner} {top + Corner}h6v6h-6z");

    private static string Dot(int left, int top) => string.Create(CultureInfo.InvariantCulture, $"M{left + (Cell / 2.0)} {top + (Cell / 2.0)}h0");

    private static (string Name, object Value)[] Direction(string text) =>
        CardText.IsRightToLeft(text) ? [("direction", "rtl"), ("text-anchor", "end")] : [];

    private static string Count(int count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {what}{(count == 1 ? "" : "s")}");

    // At most seven characters; cut and not rounded, because nobody has what they have not earned.
    private static string Short(long value)
    {
        var (unit, name) = value switch
        {
            < 1_000_000 => (1, ""),
            < 1_000_000_000 => (1_000_000, "M"),
            < 1_000_000_000_000 => (1_000_000_000, "B"),
            _ => (1_000_000_000_000, "T"),
        };
        return unit == 1
            ? value.ToString("N0", CultureInfo.InvariantCulture)
            : (Math.Floor(value * 10m / unit) / 10).ToString("#,0.#", CultureInfo.InvariantCulture) + name;
    }

    private static XElement Text(string style, int x, int y, string text) => Element("text", [("class", style), ("x", x), ("y", y)], text);

    private static XElement Element(string name, (string Name, object Value)[] attributes, params object?[] content) =>
        new(Svg + name, attributes.Select(attribute => new XAttribute(attribute.Name, attribute.Value)), content);
}
