using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Options;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;
using WebAppSample.Images;
using WebAppSample.Settings;
using WebAppSample.Storage;

namespace WebAppSample.Labeling;

/// <summary>
/// Stores uploaded images. Only their pixels are kept, upright and of a moderate size, in a new JPEG file: what else a file may hold
/// (places, archives, scripts) is gone.
/// </summary>
internal sealed class PhotoStore(IDbContextFactory<AppDatabase> databases, DataFolder folder, IOptions<WebAppOptions> options) : IDisposable
{
    private const int MaxName = 200;
    private const int SqliteUnique = 2067;

    // A large image takes hundreds of megabytes while it is decoded.
    private readonly SemaphoreSlim _decoding = new(1);

    /// <summary>Stores an image, unless it is stored already.</summary>
    /// <param name="encoded">The file's bytes.</param>
    /// <param name="name">The name to show.</param>
    /// <param name="label">Its class, which must be known; null for none.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The image, and whether it is new.</returns>
    /// <exception cref="RejectedImageException">The image is not taken.</exception>
    /// <exception cref="InvalidImageException">The image cannot be decoded.</exception>
    public async Task<(Photo Photo, bool IsNew)> AddAsync(byte[] encoded, string name, string? label, CancellationToken cancellation)
    {
        ImageHeader header = ImageHeader.Read(encoded, options.Value.MaxImagePixels);
        string hash = Convert.ToHexString(SHA256.HashData(encoded));
        await using AppDatabase database = await databases.CreateDbContextAsync(cancellation);
        if (await database.Photos.SingleOrDefaultAsync(photo => photo.Hash == hash, cancellation) is { } known)
            return (known, false);
        if (await database.Photos.CountAsync(cancellation) >= options.Value.MaxStoredImages)
            throw new RejectedImageException(
                StatusCodes.Status409Conflict,
                "There is no room for more images.",
                $"{options.Value.MaxStoredImages} are stored (WebApp:MaxStoredImages). Delete some."
            );
        RasterImage image = await DecodeAsync(encoded, header, cancellation);
        var photo = new Photo
        {
            Name = name.Length > MaxName ? name[..MaxName] : name,
            Hash = hash,
            Label = label,
            Width = image.Width,
            Height = image.Height,
            AddedAt = DateTime.UtcNow,
        };
        // Nobody sees the image before its file is there, and a file that cannot be written leaves no image.
        await using IDbContextTransaction transaction = await database.Database.BeginTransactionAsync(cancellation);
        database.Add(photo);
        try
        {
            await database.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException error) when (error.InnerException is SqliteException { SqliteExtendedErrorCode: SqliteUnique })
        {
            // Another request has stored the same image in the meantime.
            await transaction.RollbackAsync(cancellation);
            database.Entry(photo).State = EntityState.Detached;
            return (await database.Photos.SingleAsync(other => other.Hash == hash, cancellation), false);
        }
        image.Save(folder.Image(photo.Id), quality: 95);
        await transaction.CommitAsync(cancellation);
        return (photo, true);
    }

    /// <summary>Deletes an image.</summary>
    /// <returns>False if there is no such image.</returns>
    public async Task<bool> DeleteAsync(int id, CancellationToken cancellation)
    {
        await using AppDatabase database = await databases.CreateDbContextAsync(cancellation);
        if (await database.Photos.Where(photo => photo.Id == id).ExecuteDeleteAsync(cancellation) == 0)
            return false;
        File.Delete(folder.Image(id));
        return true;
    }

    public void Dispose() => _decoding.Dispose();

    private async Task<RasterImage> DecodeAsync(byte[] encoded, ImageHeader header, CancellationToken cancellation)
    {
        double scale = Math.Min(1, (double)options.Value.StoredSide / Math.Max(header.Width, header.Height));
        var size = new ImagePreprocessing
        {
            Width = Math.Max(1, (int)Math.Round(header.Width * scale)),
            Height = Math.Max(1, (int)Math.Round(header.Height * scale)),
            ResizeMode = ImageResizeMode.Stretch,
        };
        await _decoding.WaitAsync(cancellation);
        try
        {
            return RasterImage.Decode(encoded, size);
        }
        finally
        {
            _decoding.Release();
        }
    }
}
