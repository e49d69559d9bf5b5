using System.Globalization;

namespace Stateroom.Cli.Verify;

/// <summary>Writes moments of a run.</summary>
internal static class Moment
{
    public static string Format(long microseconds) => string.Create(CultureInfo.InvariantCulture, $"{microseconds / 1e6:F4} s");
}
