using Microsoft.Extensions.Options;
using StackExchange.Redis;
using Stateroom.Redis.Connection;

namespace Stateroom.Redis;

/// <summary>Names every fault of the options at once, and never what a connection string holds.</summary>
internal sealed class RedisSessionOptionsValidator(GivenConnection? given = null) : IValidateOptions<RedisSessionOptions>
{
    private const int LongestPrefix = 64;

    public ValidateOptionsResult Validate(string? name, RedisSessionOptions options)
    {
        var faults = new List<string>();
        if (given is null && !IsReadable(options.Configuration ?? string.Empty))
        {
            faults.Add("The Redis connection string does not read as one that names a server. Give host:port, with options after commas: redis1:6379,ssl=true.");
        }

        if (options.KeyPrefix is not { Length: >= 1 and <= LongestPrefix } prefix || !prefix.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or ':'))
        {
            faults.Add($"{nameof(options.KeyPrefix)} takes 1 to {LongestPrefix} letters, digits and . _ - : .");
        }

        Check(options.CallTimeout >= TimeSpan.FromMilliseconds(50) && options.CallTimeout <= TimeSpan.FromMinutes(1), $"{nameof(options.CallTimeout)} is {options.CallTimeout}; give 50 milliseconds to 1 minute.");
        Check(options.MaxPendingCommands >= 1, $"{nameof(options.MaxPendingCommands)} is {options.MaxPendingCommands}; give at least 1.");
        Check(options.HeartbeatInterval >= TimeSpan.FromMilliseconds(100), $"{nameof(options.HeartbeatInterval)} is {options.HeartbeatInterval}; give at least 100 milliseconds.");
        Check(options.InstanceTimeout >= 2 * options.HeartbeatInterval, $"{nameof(options.InstanceTimeout)} is {options.InstanceTimeout}; give at least twice {nameof(options.HeartbeatInterval)}.");
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);

        void Check(bool holds, string fault)
        {
            if (!holds)
            {
                faults.Add(fault);
            }
        }
    }

    private static bool IsReadable(string configuration)
    {
        try
        {
            return ConfigurationOptions.Parse(configuration).EndPoints.Count > 0;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException)
        {
            return false;
        }
    }
}
