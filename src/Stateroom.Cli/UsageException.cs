namespace Stateroom.Cli;

/// <summary>Something that the caller can put right; its message is what they read. The program ends with <see cref="ExitCode.CouldNotRun"/>.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>What the program tells its caller in the end.</summary>
internal static class ExitCode
{
    /// <summary>Everything that was checked holds.</summary>
    public const int Holds = 0;

    /// <summary>Something is broken.</summary>
    public const int Broken = 1;

    /// <summary>It could not run, or not to its end.</summary>
    public const int CouldNotRun = 2;
}
