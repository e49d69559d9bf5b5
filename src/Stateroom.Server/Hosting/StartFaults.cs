using Microsoft.Extensions.Options;
using Stateroom.AspNetCore;
using Stateroom.Encryption;
using Stateroom.Limits;
using SessionOptions = Stateroom.Sessions.SessionOptions;

namespace Stateroom.Server.Hosting;

/// <summary>Says why the program does not start, to somebody who does not know its code.</summary>
internal static class StartFaults
{
    /// <summary>The program's exit code when its settings are wrong.</summary>
    public const int ExitCode = 2;

    private const string HostLog = "Microsoft.Extensions.Hosting.Internal.Host";

    /// <summary>Keeps the host from logging a failed start with a stack trace: it throws too, and then it is either reported here or unhandled.</summary>
    public static void LeaveFaultsToTheirReport(this WebApplicationBuilder builder)
    {
        var lifetime = (IHostApplicationLifetime?)null;
        builder.Services.AddOptions<LoggerFilterOptions>().Configure<IServiceProvider>((options, services) => options.Rules.Insert(0, new(
            null, HostLog, null, (_, _, level) => level is LogLevel.Error
                ? (lifetime ??= services.GetRequiredService<IHostApplicationLifetime>()).ApplicationStarted.IsCancellationRequested
                : level >= LogLevel.Information)));
    }

    /// <summary>Finds what is wrong with the settings; nothing if that is not why the start failed.</summary>
    public static IReadOnlyList<string> Find(Exception exception) => exception switch
    {
        OptionsValidationException invalid => [.. invalid.Failures.Select(fault => WithPath(invalid.OptionsType, fault))],
        AggregateException { InnerExceptions: var all } when all.All(e => e is OptionsValidationException) => [.. all.SelectMany(Find).Distinct()],
        _ when IsOfAddress(exception) => [$"{exception.Message.ReplaceLineEndings(" ")} Give another address with --urls, for instance --urls http://localhost:3001."],
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

    /// <summary>The library's own options do not know which section they were read from.</summary>
    private static string WithPath(Type options, string fault)
    {
        if (options != typeof(SessionOptions) && options != typeof(SessionEndpointOptions) && options != typeof(EncryptionOptions) && options != typeof(LimitOptions))
        {
            return fault;
        }

        var text = fault.StartsWith($"{options.Name}: ", StringComparison.Ordinal) ? fault[(options.Name.Length + 2)..] : fault;
        return options.GetProperty(text.Split(' ', ':')[0]) is null ? fault : $"{Access.Section}:{text}";
    }

    /// <summary>An address that cannot be read or listened on ends in exceptions of many types, all from one place.</summary>
    private static bool IsOfAddress(Exception exception) =>
        exception.StackTrace?.Contains("Microsoft.AspNetCore.Server.Kestrel.Core.Internal.AddressBinder", StringComparison.Ordinal) is true;
}
