using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Stateroom.TestProcesses.Issuers;

/// <summary>A private key, and what its issuer publishes of it (RFC 7517).</summary>
public abstract class SigningKey(string algorithm) : IDisposable
{
    public string Id { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    public string Algorithm => algorithm;

    public static SigningKey NewRsa() => new RsaKey();

    public static SigningKey NewEc() => new EcKey();

    public JsonObject ToJwk()
    {
        var jwk = ToPublic();
        jwk["kid"] = Id;
        jwk["use"] = "sig";
        jwk["alg"] = algorithm;
        return jwk;
    }

    public abstract byte[] Sign(byte[] data);

    public abstract void Dispose();

    protected abstract JsonObject ToPublic();

    private sealed class RsaKey() : SigningKey("RS256")
    {
        private readonly RSA _key = RSA.Create(2048);

        public override byte[] Sign(byte[] data) => _key.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

        public override void Dispose() => _key.Dispose();

        protected override JsonObject ToPublic()
        {
            var parameters = _key.ExportParameters(includePrivateParameters: false);
            return new() { ["kty"] = "RSA", ["n"] = Base64Url.EncodeToString(parameters.Modulus), ["e"] = Base64Url.EncodeToString(parameters.Exponent) };
        }
    }

    private sealed class EcKey() : SigningKey("ES256")
    {
        private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        public override byte[] Sign(byte[] data) => _key.SignData(data, HashAlgorithmName.SHA256);

        public override void Dispose() => _key.Dispose();

        protected override JsonObject ToPublic()
        {
            var point = _key.ExportParameters(includePrivateParameters: false).Q;
            return new() { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = Base64Url.EncodeToString(point.X), ["y"] = Base64Url.EncodeToString(point.Y) };
        }
    }
}
