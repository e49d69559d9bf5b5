using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Stateroom.Cli.Verify;

/// <summary>Texts that tell in which session of which run they were written, so that they are known wherever they turn up.</summary>
internal sealed class Markers
{
    private readonly string _prefix = $"mk{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
    private readonly Regex _pattern;
    private int _last;

    public Markers() => _pattern = new Regex($@"{_prefix}-(\d+)-\d+", RegexOptions.CultureInvariant);

    /// <summary>A new marker of a session.</summary>
    public string Next(int session) => string.Create(CultureInfo.InvariantCulture, $"{_prefix}-{session}-{Interlocked.Increment(ref _last)}");

    /// <summary>Finds a marker of another session in a text; null if there is none.</summary>
    public string? FindForeign(string text, int session)
    {
        if (!text.Contains(_prefix, StringComparison.Ordinal))
        {
            return null;
        }

        var own = session.ToString(CultureInfo.InvariantCulture);
        return _pattern.Matches(text).FirstOrDefault(m => m.Groups[1].Value != own)?.Value;
    }
}
