namespace Stateroom.ScaleOut.Tests.Support;

/// <summary>Lets a process see a wall clock that is wrong, by the library libfaketime. Its monotonic clock, by which timers run, stays as it is.</summary>
internal static class WrongClock
{
    private const string Library = "libfaketimeMT.so.1";

    /// <param name="offset">By how much it is wrong, as libfaketime writes it: <c>+1h</c>.</param>
    /// <returns>What the process needs in its environment.</returns>
    public static IReadOnlyDictionary<string, string> By(string offset) => new Dictionary<string, string>
    {
        ["LD_PRELOAD"] = Find(),
        ["FAKETIME"] = offset,
        ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",

        // What it does for waits on an older C library makes .NET's wake up all the time.
        ["FAKETIME_FORCE_MONOTONIC_FIX"] = "0",
    };

    private static string Find() =>
        Directory.EnumerateDirectories("/usr/lib", "*-linux-gnu").Select(folder => Path.Combine(folder, "faketime", Library)).FirstOrDefault(File.Exists)
        ?? throw new FileNotFoundException($"There is no {Library}. Install the package faketime, or run ./eng/test.sh.");
}
