using Microsoft.Extensions.Options;
using Stateroom.AspNetCore.Authorization;
using Stateroom.Tenancy;

namespace Stateroom.AspNetCore.Authentication;

/// <summary>Finds every fault in a list of API keys and says how to mend it; never repeats a key.</summary>
internal sealed class ApiKeyOptionsValidator : IValidateOptions<ApiKeyOptions>
{
    public ValidateOptionsResult Validate(string? name, ApiKeyOptions options)
    {
        var faults = new List<string>();
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < options.Keys.Count; i++)
        {
            var setting = $"{ApiKeyDefaults.ConfigurationSection}:{i}";
            var entry = options.Keys[i];
            CheckName(faults, $"{setting}:Tenant", entry.Tenant, TenantId.MaxLength);
            CheckName(faults, $"{setting}:Owner", entry.Owner, Caller.MaxOwnerLength);
            CheckLists(faults, setting, entry);
            if (FindHash(faults, setting, entry, options.AllowPlainKeys) is not { } hash)
            {
                continue;
            }

            if (!seen.TryAdd(Convert.ToHexString(hash), i))
            {
                faults.Add($"{setting} has the same key as {ApiKeyDefaults.ConfigurationSection}:{seen[Convert.ToHexString(hash)]}. Give each entry a key of its own.");
            }
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static void CheckName(List<string> faults, string setting, string? value, int maximum)
    {
        if (string.IsNullOrEmpty(value))
        {
            faults.Add($"{setting} is missing. Name whom the key stands for.");
        }
        else if (value.Length > maximum)
        {
            faults.Add($"{setting} has {value.Length} characters. Shorten it to at most {maximum}.");
        }
    }

    private static void CheckLists(List<string> faults, string setting, ApiKeyEntry entry)
    {
        if (entry.Scopes?.All(ScopeText.IsScope) is false)
        {
            faults.Add($"{setting}:Scopes holds what is no scope. Give words such as weather:write, one an item.");
        }

        if (entry.Tools?.Any(string.IsNullOrEmpty) is true)
        {
            faults.Add($"{setting}:Tools holds an empty name. Give the names of tools, one an item.");
        }
    }

    private static byte[]? FindHash(List<string> faults, string setting, ApiKeyEntry entry, bool allowPlainKeys)
    {
        switch (entry)
        {
            case { Key.Length: > 0, KeyHash.Length: > 0 }:
                faults.Add($"{setting} has both Key and KeyHash. Remove one of them; settings from several sources add up.");
                return null;
            case { KeyHash: { Length: > 0 } text }:
                if (ApiKeyHash.Parse(text) is { } hash)
                {
                    return hash;
                }

                faults.Add($"{setting}:KeyHash is not a SHA-256. Give 64 hexadecimal digits, as 'printf %s KEY | sha256sum' prints them.");
                return null;
            case { Key: { Length: > 0 } key }:
                if (!allowPlainKeys)
                {
                    faults.Add($"{setting}:Key is a plain key, which is for development only. Set KeyHash to its SHA-256 instead ('printf %s KEY | sha256sum').");
                }

                if (!ApiKeyHash.IsToken(key))
                {
                    faults.Add($"{setting}:Key cannot be sent as a bearer token. Use letters, digits and - . _ ~ + / only, with = at the end only.");
                }

                return ApiKeyHash.OfKey(key);
            default:
                faults.Add($"{setting} has neither Key nor KeyHash. Set KeyHash to the SHA-256 of the key.");
                return null;
        }
    }
}
