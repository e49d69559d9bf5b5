using System.Buffers.Text;
using System.Text;
using Stateroom.Sessions;

namespace Stateroom.AspNetCore.Administration;

/// <summary>Where the next page begins, as text that nobody need understand: a letter for what is listed, and the last entry of the page before.</summary>
internal static class Cursor
{
    private const char OfTenants = 't';
    private const char OfSessions = 's';
    private const char OfFound = 'f';

    // Part of no tenant's segment.
    private const char Separator = '/';

    public static string AfterTenant(string segment) => Encode(OfTenants + segment);

    public static string AfterSession(string reference) => Encode(OfSessions + reference);

    public static string AfterFound(SearchPosition position) => Encode($"{OfFound}{TenantSegment.Of(position.Tenant)}{Separator}{position.Reference}");

    /// <summary>Reads where a search goes on; null if the cursor is not one of a search.</summary>
    public static SearchPosition? ReadFound(string cursor) =>
        Decode(cursor) is [OfFound, .. var text] && text.LastIndexOf(Separator) is >= 0 and var end
        && TenantSegment.Parse(text[..end]) is { } tenant && text[(end + 1)..] is { Length: SessionReference.Length } reference && SessionReference.IsWellFormed(reference)
            ? new(tenant, reference)
            : null;

    /// <summary>Reads the tenant's segment; null if the cursor is not one of tenants.</summary>
    public static string? ReadTenant(string cursor) => Decode(cursor) is [OfTenants, .. var segment] ? segment : null;

    /// <summary>Reads the session's reference; null if the cursor is not one of sessions.</summary>
    public static string? ReadSession(string cursor) => Decode(cursor) is [OfSessions, .. { Length: SessionReference.Length } reference] && SessionReference.IsWellFormed(reference) ? reference : null;

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private static string? Decode(string cursor) => Base64Url.IsValid(cursor) ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)) : null;
}
