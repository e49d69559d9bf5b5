using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace Stateroom.Server.Hosting;

/// <summary>Says why the program does not start, to somebody who does not know its code.</summary>
internal static class StartFaults
{
    /// <summary>The program's exit code when its settings are wrong.</summary>
    public const int ExitCode = 2;

    /// <summary>Finds what is wrong with the settings; nothing if that is not why the start failed.</summary>
    public static IReadOnlyList<string> Find(Exception exception) => exception switch
    {
        OptionsValidationException invalid => [.. invalid.Failures],
        AggregateException { InnerExceptions: var all } when all.All(e => e is OptionsValidationException) => [.. all.SelectMany(Find).Distinct()],
        IOException { InnerException: AddressInUseException } => [$"{exception.Message} Give another address with --urls, for instance --urls http://localhost:3001."],
        _ => [],
    };

    public static int Report(Exception exception)
    {
        Console.Error.WriteLine("The server does not start:");
        foreach (var fault in Find(exception))
        {
            Console.Error.WriteLine($"  - {fault}");
        }

        return ExitCode;
    }
}
