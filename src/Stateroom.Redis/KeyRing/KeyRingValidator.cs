using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Options;
using Stateroom.Encryption;

namespace Stateroom.Redis.KeyRing;

/// <summary>
/// Refuses to encrypt sessions with keys that lie in plain text beside them: whoever can read the one can read the other, and somebody would believe it safe.
/// </summary>
internal sealed class KeyRingValidator(IOptions<KeyManagementOptions> ring) : IValidateOptions<EncryptionOptions>
{
    public ValidateOptionsResult Validate(string? name, EncryptionOptions options) =>
        options.EncryptAtRest && ring.Value is { XmlRepository: RedisKeyRing, XmlEncryptor: null }
            ? ValidateOptionsResult.Fail(
                $"{nameof(options.EncryptAtRest)} is set, but its keys would lie unprotected in the same Redis as what they encrypt. "
                + "Protect them with a certificate (Stateroom:KeyRing:Certificate, or AddDataProtection().ProtectKeysWithCertificate), "
                + "or keep them in a folder that all instances share (Stateroom:KeyRing:Folder, or AddDataProtection().PersistKeysToFileSystem).")
            : ValidateOptionsResult.Success;
}
