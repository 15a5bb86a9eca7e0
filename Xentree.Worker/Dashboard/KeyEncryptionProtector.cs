using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Xentree.Data.Keys;

namespace Xentree.Worker.Dashboard;

/// <summary>
/// Protects cookies and form tokens under the key-encryption key, so that every worker and every restart understands them and no ring of
/// keys has to be kept for the few that there are.
/// </summary>
internal sealed class KeyEncryptionProtector(KeyEncryption encryption) : IDataProtectionProvider
{
    public IDataProtector CreateProtector(string purpose) => new Protector(encryption, purpose);

    private sealed class Protector(KeyEncryption encryption, string purpose) : IDataProtector
    {
        public IDataProtector CreateProtector(string inner) => new Protector(encryption, $"{purpose}/{inner}");

        public byte[] Protect(byte[] plaintext)
        {
            var keyId = Encoding.UTF8.GetBytes(encryption.CurrentKeyId);
            var length = new byte[sizeof(ushort)];
            BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)keyId.Length);
            return [.. length, .. keyId, .. encryption.Encrypt(plaintext, purpose)];
        }

        public byte[] Unprotect(byte[] protectedData)
        {
            if (protectedData.Length < sizeof(ushort)) throw new CryptographicException("The text is too short.");
            var keyEnd = sizeof(ushort) + BinaryPrimitives.ReadUInt16BigEndian(protectedData);
            if (protectedData.Length < keyEnd) throw new CryptographicException("The text is too short.");
            return encryption.Decrypt(protectedData.AsSpan(keyEnd), Encoding.UTF8.GetString(protectedData.AsSpan(sizeof(ushort)..keyEnd)), purpose);
        }
    }
}
