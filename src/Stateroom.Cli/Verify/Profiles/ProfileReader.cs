using System.Text.Json;
using System.Text.Json.Serialization;

namespace Stateroom.Cli.Verify.Profiles;

/// <summary>Reads profiles, and says what is wrong with one.</summary>
internal static class ProfileReader
{
    private static readonly JsonSerializerOptions _options = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    /// <summary>The profile of the weather server.</summary>
    public static Profile Default()
    {
        using var stream = typeof(ProfileReader).Assembly.GetManifestResourceStream("weather.json")!;
        return JsonSerializer.Deserialize<Profile>(stream, _options)!;
    }

    /// <summary>Reads a profile.</summary>
    /// <exception cref="UsageException">It cannot be read, or makes no sense.</exception>
    public static Profile Read(FileInfo file)
    {
        try
        {
            using var stream = file.OpenRead();
            var profile = JsonSerializer.Deserialize<Profile>(stream, _options);
            return Fault(profile) is { } fault ? throw new UsageException($"The profile {file.Name}: {fault}") : profile!;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new UsageException($"The profile {file.Name} cannot be read: {e.Message}");
        }
    }

    private static string? Fault(Profile? profile) => profile switch
    {
        null => "it is empty.",
        { Counter: null, Places: null, Choice: null } => "it describes nothing to check. Give it a counter, places or a choice.",
        { Counter: { Read: null, Increment.Value: null } } => "nothing tells the counter. Give counter.read, or counter.increment.value.",
        { Counter.Read: { Value: null } } => "counter.read has no value. Give the JSON pointer to it.",
        { Choice.Read.Value: null } => "choice.read has no value. Give the JSON pointer to it.",
        { Choice.Values.Count: < 2 } => "choice.values has fewer than two values.",
        { Places.List.Value: null } => "places.list has no value. Give the JSON pointer to it within an item.",
        { Question.Value: null } => "question has no value. Give the JSON pointer to what was chosen.",
        _ => null,
    };
}
