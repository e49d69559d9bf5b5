using System.Buffers.Text;
using System.Runtime.InteropServices;
using Stateroom.Sessions;
using Stateroom.Tenancy;

namespace Stateroom.Encryption;

/// <summary>Where content lies. It is encrypted for its place, and opens nowhere else: not in another tenant, not for another owner, session, entry or stream.</summary>
/// <param name="Session">The session.</param>
/// <param name="Kind">What kind of content it is.</param>
/// <param name="Parts">What else names the place within the session.</param>
internal readonly record struct Place(SessionKey Session, string Kind, params string[] Parts)
{
    public static Place State(Caller caller, string id, string name) => new(new(caller.Tenant, id), "state", OwnerOf(caller), name);

    public static Place Client(Caller caller, string id) => new(new(caller.Tenant, id), "client", OwnerOf(caller));

    public static Place Outbox(SessionKey session, string stream) => new(session, "outbox", stream);

    public static Place Answer(SessionKey session, string instance, string question) => new(session, "answer", instance, question);

    /// <summary>The purposes of Data Protection: the tenant has its own, then the kind, then the place within the tenant.</summary>
    public IEnumerable<string> Purposes => [Text(Session.Tenant.Value), Kind, string.Join('.', [Text(Session.Id), .. Parts.Select(Text)])];

    private static string OwnerOf(Caller caller) => caller.IsAnonymous ? string.Empty : caller.Owner;

    /// <summary>Purposes have to be well-formed Unicode, which names need not be; and a dot must separate.</summary>
    private static string Text(string name) => Base64Url.EncodeToString(MemoryMarshal.AsBytes(name.AsSpan()));
}
