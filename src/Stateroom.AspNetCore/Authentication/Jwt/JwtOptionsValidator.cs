using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Stateroom.Tenancy;

namespace Stateroom.AspNetCore.Authentication.Jwt;

/// <summary>Finds every fault in the settings of issuers and says how to mend it.</summary>
internal sealed class JwtOptionsValidator(IHostEnvironment environment) : IValidateOptions<JwtOptions>
{
    private const string Section = JwtDefaults.ConfigurationSection;

    public ValidateOptionsResult Validate(string? name, JwtOptions options)
    {
        var faults = new List<string>();
        if (options.Issuers.Count > 0)
        {
            CheckResource(faults, options.Resource);
        }
        else if (options.Resource is { Length: > 0 })
        {
            faults.Add($"{Section}:Resource is given, but no issuer. Set {Section}:Issuers:0:Authority to the address of the authorization server, and :Tenant.");
        }

        for (var i = 0; i < options.Issuers.Count; i++)
        {
            var issuer = options.Issuers[i];
            Check(faults, $"{Section}:Issuers:{i}", issuer);
            if (options.Issuers.Take(i).Any(other => other.Authority == issuer.Authority))
            {
                faults.Add($"{Section}:Issuers:{i}:Authority is there already. Give each issuer one entry.");
            }
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private void CheckResource(List<string> faults, string? resource)
    {
        if (string.IsNullOrEmpty(resource))
        {
            faults.Add($"{Section}:Resource is missing. Set it to the address of this server as clients know it, such as https://mcp.example.com/mcp; tokens must name it as their audience.");
        }
        else
        {
            CheckAddress(faults, $"{Section}:Resource", resource, mayHaveQuery: false);
        }
    }

    private void Check(List<string> faults, string setting, JwtIssuer issuer)
    {
        if (string.IsNullOrEmpty(issuer.Authority))
        {
            faults.Add($"{setting}:Authority is missing. Set it to the issuer's address, exactly as the claim iss of its tokens has it.");
        }
        else
        {
            CheckAddress(faults, $"{setting}:Authority", issuer.Authority, mayHaveQuery: false);
        }

        if (issuer.MetadataAddress is { Length: > 0 } metadata)
        {
            CheckAddress(faults, $"{setting}:MetadataAddress", metadata, mayHaveQuery: true);
        }

        switch (issuer)
        {
            case { Tenant.Length: > 0, TenantClaim.Length: > 0 }:
                faults.Add($"{setting} has both Tenant and TenantClaim. Remove one of them.");
                break;
            case { Tenant: null or "", TenantClaim: null or "" }:
                faults.Add($"{setting} has neither Tenant nor TenantClaim. Set Tenant to the tenant of all its tokens.");
                break;
            case { Tenant.Length: > TenantId.MaxLength }:
                faults.Add($"{setting}:Tenant has {issuer.Tenant.Length} characters. Shorten it to at most {TenantId.MaxLength}.");
                break;
        }

        if (string.IsNullOrEmpty(issuer.OwnerClaim) || string.IsNullOrEmpty(issuer.ScopeClaim))
        {
            faults.Add($"{setting}: OwnerClaim or ScopeClaim is empty. Name the claim, or leave the setting out for sub and scope.");
        }
    }

    private void CheckAddress(List<string> faults, string setting, string text, bool mayHaveQuery)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http") || uri.UserInfo.Length > 0
            || text.Any(c => c is <= ' ' or >= '\x7f' or '"' or '\\') || uri.Fragment.Length > 0 || (!mayHaveQuery && uri.Query.Length > 0))
        {
            faults.Add($"{setting} is not an address such as https://auth.example.com. Give scheme, host and path, without user, fragment{(mayHaveQuery ? "" : ", query")} or spaces.");
        }
        else if (uri.Scheme == "http" && !uri.IsLoopback && !environment.IsDevelopment())
        {
            faults.Add($"{setting} is not https. Whoever sits between could let in anybody; http is for loopback addresses and development.");
        }
    }
}
