using System.Globalization;
using Microsoft.AspNetCore.Http;
using Stateroom.Administration;
using Stateroom.Sessions;

namespace Stateroom.AspNetCore.Administration;

/// <summary>
/// Reads the query of a request and finds every fault of it at once. A parameter that does not exist is a fault: a misspelt one would list, or end, other sessions
/// than were meant.
/// </summary>
internal sealed class Parameters
{
    public const string Tenant = "tenant";
    public const string Owner = "owner";
    public const string Search = "search";
    public const string Era = "era";
    public const string Limit = "limit";
    public const string Cursor = "cursor";
    public const string Confirm = "confirm";

    private const int DefaultLimit = 50;

    private readonly IQueryCollection _query;
    private readonly List<string> _faults = [];

    public Parameters(HttpContext context, params ReadOnlySpan<string> known)
    {
        _query = context.Request.Query;
        foreach (var (name, values) in _query)
        {
            if (!known.Contains(name))
            {
                _faults.Add(known.IsEmpty ? "This request takes no parameters." : $"There are no other parameters than {string.Join(", ", known)}.");
            }
            else if (values.Count > 1)
            {
                _faults.Add($"{name} is given {values.Count} times. Give it once.");
            }
            else if (string.IsNullOrEmpty(values))
            {
                _faults.Add($"{name} is empty. Give it a value, or leave it out.");
            }
        }
    }

    /// <summary>What is wrong with the query; null if nothing is.</summary>
    public string? Fault => _faults.Count == 0 ? null : string.Join(' ', _faults.Distinct());

    public string? Text(string name) => _query[name] is [{ Length: > 0 } value] ? value : null;

    public int PageSize()
    {
        if (Text(Limit) is not { } text)
        {
            return DefaultLimit;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= ISessionDirectory.MaxPageSize)
        {
            return limit;
        }

        _faults.Add($"limit must be a number from 1 to {ISessionDirectory.MaxPageSize}.");
        return DefaultLimit;
    }

    /// <summary>Reads the tenant, which is named as in a path.</summary>
    public TenantRooms? TenantRooms()
    {
        if (Text(Tenant) is not { } text)
        {
            return null;
        }

        var tenant = TenantSegment.Parse(text);
        if (tenant is null)
        {
            _faults.Add("tenant names none. Take it from the list of tenants, where it is called path.");
        }

        return tenant;
    }

    public SessionEra? SessionEra()
    {
        switch (Text(Era))
        {
            case null:
                return null;
            case EraNames.Handshake:
                return Sessions.SessionEra.Handshake;
            case EraNames.Stateless:
                return Sessions.SessionEra.Stateless;
            default:
                _faults.Add($"era must be {EraNames.Handshake} or {EraNames.Stateless}.");
                return null;
        }
    }

    /// <summary>Reads the cursor.</summary>
    /// <param name="read">Gives null for what is no cursor of this list.</param>
    public T? After<T>(Func<string, T?> read)
    {
        if (Text(Cursor) is not { } text)
        {
            return default;
        }

        var after = read(text);
        if (after is null)
        {
            _faults.Add("cursor is none that this list gave. Leave it out to begin anew.");
        }

        return after;
    }
}
