using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Stateroom.Cli.Reports;

/// <summary>Writes reports for programs.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions _options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>Writes a report; nothing where no file was asked for.</summary>
    /// <exception cref="UsageException">The file cannot be written.</exception>
    public static async Task WriteAsync<T>(FileInfo? file, T report)
    {
        if (file is null)
        {
            return;
        }

        try
        {
            await using var stream = file.Create();
            await JsonSerializer.SerializeAsync(stream, report, _options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The report cannot be written to {file.Name}: {e.Message}");
        }
    }
}
