using System.Text.Json;
using System.Text.Json.Serialization;

namespace Xentree.Domain.Quests;

/// <summary>The quests that days are drawn from. A draw is stored with the version that it was made from.</summary>
public sealed class QuestCatalogue
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectNullableAnnotations = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    private readonly Dictionary<string, Quest> _byId;

    private QuestCatalogue(int version, IEnumerable<Quest> quests)
    {
        Version = version;
        Quests = [.. quests.OrderBy(quest => quest.Id, StringComparer.Ordinal)];
        _byId = Quests.ToDictionary(quest => quest.Id);
    }

    /// <summary>The version, from 1: it grows with every change of the file.</summary>
    public int Version { get; }

    /// <summary>The quests by id, so that the order of the file decides no draw.</summary>
    public IReadOnlyList<Quest> Quests { get; }

    /// <summary>A quest, or none when this version has it no more.</summary>
    /// <param name="id">The quest's id.</param>
    public Quest? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>Reads a catalogue file.</summary>
    /// <param name="json">The file's text.</param>
    /// <exception cref="FormatException">It is not a catalogue; the message names everything that is wrong, a line each.</exception>
    public static QuestCatalogue Parse(string json)
    {
        File file;
        try
        {
            file = JsonSerializer.Deserialize<File>(json, Json) ?? throw new FormatException("The quest catalogue is empty.");
        }
        catch (JsonException exception)
        {
            throw new FormatException($"The quest catalogue cannot be read: {exception.Message}", exception);
        }

        // The annotations guard members, and not what a list holds.
        if (file.Quests.Contains(null!)) throw new FormatException("The quest catalogue cannot be read: a quest is null.");
        var errors = Errors(file).ToList();
        if (errors.Count > 0) throw new FormatException($"The quest catalogue is not valid:\n{string.Join('\n', errors)}");
        return new QuestCatalogue(file.Version, file.Quests);
    }

    private static IEnumerable<string> Errors(File file)
    {
        if (file.Version < 1) yield return "version must be at least 1.";
        foreach (var id in file.Quests.CountBy(quest => quest.Id).Where(ids => ids.Value > 1))
            yield return $"Quest '{id.Key}' is there {id.Value} times.";
        foreach (var category in Enum.GetValues<QuestCategory>().Except(file.Quests.Select(quest => quest.Category)))
            yield return $"No quest is of category {JsonNamingPolicy.SnakeCaseLower.ConvertName(category.ToString())}.";
        foreach (var (quest, error) in file.Quests.SelectMany(Errors, (quest, error) => (quest, error)))
            yield return $"Quest '{quest.Id}': {error}";
    }

    private static IEnumerable<string> Errors(Quest quest)
    {
        if (quest.Id.Length is 0 or > 64 || !quest.Id.All(letter => letter is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-'))
            yield return "id must be 1 to 64 of a-z, 0-9 and hyphens.";
        if (string.IsNullOrWhiteSpace(quest.Title)) yield return "title must not be empty.";
        if (string.IsNullOrWhiteSpace(quest.Description)) yield return "description must not be empty.";
        if (quest.TargetValue < 1) yield return "target_value must be at least 1.";
        if (quest.RewardMultiplier is <= 1 or > 5 || decimal.Round(quest.RewardMultiplier, 2) != quest.RewardMultiplier)
            yield return "reward_multiplier must be above 1, at most 5, and have at most two decimals.";
        if (quest.RewardDuration is < 1 or > 1_440) yield return "reward_duration must be 1 to 1440 minutes.";
        if (quest.Weight is < 1 or > 100) yield return "weight must be 1 to 100.";
    }

    private sealed record File
    {
        public required int Version { get; init; }

        public required IReadOnlyList<Quest> Quests { get; init; }
    }
}
