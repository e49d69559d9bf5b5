using System.Globalization;

namespace Stateroom.AspNetCore.Stateless;

/// <summary>Says things the way a model reads them.</summary>
internal static class Words
{
    /// <summary>A time in words, such as <c>1 hour 30 minutes</c>; what is less than a second is left out.</summary>
    public static string Of(TimeSpan time)
    {
        (int Count, string Unit)[] parts = [(time.Days, "day"), (time.Hours, "hour"), (time.Minutes, "minute"), (time.Seconds, "second")];
        return string.Join(' ', parts
            .Where(p => p.Count != 0)
            .Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Count} {p.Unit}{(p.Count == 1 ? "" : "s")}")));
    }
}
