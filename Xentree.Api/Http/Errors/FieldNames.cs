using System.Text;
using System.Text.Json;

namespace Xentree.Api.Http.Errors;

/// <summary>The JSON name of a field, from the names that binding, validation and the JSON reader use for it.</summary>
internal static class FieldNames
{
    /// <summary><c>$.items[0].name</c> to <c>items[0].name</c>.</summary>
    public static string FromJsonPath(string path) => path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : path.TrimStart('$');

    /// <summary><c>Items[0].FullName</c> to <c>items[0].full_name</c>.</summary>
    public static string FromProperty(string path)
    {
        var name = new StringBuilder();
        foreach (var part in path.Split('.'))
        {
            var bracket = part.IndexOf('[', StringComparison.Ordinal);
            if (name.Length > 0) name.Append('.');
            name.Append(JsonNamingPolicy.SnakeCaseLower.ConvertName(bracket < 0 ? part : part[..bracket]));
            if (bracket >= 0) name.Append(part, bracket, part.Length - bracket);
        }

        return name.ToString();
    }
}
