using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Xentree.Data;
using Xentree.Data.Keys;
using Xentree.Domain;

namespace Xentree.Api.Auth;

/// <summary>Keeps the key ring of Data Protection in the database, encrypted under the key-encryption key, so that replicas and restarts agree.</summary>
internal sealed class DataProtectionKeys(IDbContextFactory<XentreeDbContext> contexts, KeyEncryption encryption, TimeProvider time)
    : IXmlRepository, IConfigureOptions<KeyManagementOptions>
{
    public void Configure(KeyManagementOptions options)
    {
        options.XmlRepository = this;
        options.XmlEncryptor = new AlreadyEncrypted();
    }

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var context = contexts.CreateDbContext();
        return [.. context.ProtectedKeys.AsNoTracking().Where(k => k.Purpose == KeyPurpose.DataProtection).OrderBy(k => k.Id).AsEnumerable()
            .Select(row => XElement.Parse(Encoding.UTF8.GetString(encryption.Decrypt(row.Ciphertext, row.EncryptionKeyId, row.Purpose))))];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var context = contexts.CreateDbContext();
        context.ProtectedKeys.Add(new ProtectedKey
        {
            Id = time.NewId(),
            Purpose = KeyPurpose.DataProtection,
            EncryptionKeyId = encryption.CurrentKeyId,
            Ciphertext = encryption.Encrypt(Encoding.UTF8.GetBytes(element.ToString(SaveOptions.DisableFormatting)), KeyPurpose.DataProtection),
            CreatedAt = time.Now,
        });
        context.SaveChanges();
    }

    /// <summary>The whole element is encrypted when it is stored, so its inside need not be.</summary>
    private sealed class AlreadyEncrypted : Microsoft.AspNetCore.DataProtection.XmlEncryption.IXmlEncryptor
    {
        public Microsoft.AspNetCore.DataProtection.XmlEncryption.EncryptedXmlInfo Encrypt(XElement plaintextElement) =>
            new(new XElement("unwrapped", plaintextElement), typeof(Unwrap));
    }

    private sealed class Unwrap : Microsoft.AspNetCore.DataProtection.XmlEncryption.IXmlDecryptor
    {
        public XElement Decrypt(XElement encryptedElement) => encryptedElement.Elements().Single();
    }
}
