using System.Buffers;
using System.Runtime.ExceptionServices;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Augmentations.Engine;
using MLNetExtensions.Imaging.Decoding;

namespace MLNetExtensions.Data;

/// <summary>
/// Decoded images for the epochs after the first: uint8 canvases [channels, CanvasHeight, CanvasWidth] in memory within a budget, beyond it
/// in the decoder's cache, or without one in a temporary file, so that no file is decoded twice. One thread adds; reading is thread-safe.
/// </summary>
internal sealed unsafe class ImageStore : IDisposable
{
    // Copying one canvas costs less than waking a thread for it.
    private const int MinRowsPerThread = 8;

    private readonly ImageDecoder _decoder;
    private readonly RowCache _canvases;
    private readonly List<int> _places = []; // a row of _canvases, or ~ the index in _cached
    private readonly List<(DecodedImageCache.Key Key, ImageRows Source)> _cached = [];
    private readonly List<int> _labels = [];
    private readonly List<long> _rows = [];

    /// <param name="decoder">Says the size of canvas and center crop.</param>
    /// <param name="memoryBudget">The most bytes of images held in memory.</param>
    /// <param name="temporaryFolder">The folder for the rest.</param>
    public ImageStore(ImageDecoder decoder, long memoryBudget, string temporaryFolder)
    {
        _decoder = decoder;
        _canvases = new RowCache(decoder.CanvasBytes, memoryBudget, temporaryFolder);
    }

    /// <summary>The number of images.</summary>
    public int Count => _places.Count;

    /// <summary>The number of images that lie on disk.</summary>
    public int CountOnDisk => _canvases.RowsOnDisk + _cached.Count;

    /// <summary>The class of an image, from 0; -1 without labels.</summary>
    public int Label(int index) => _labels[index];

    /// <summary>The row of an image in the data view, from 0; invalid images leave gaps.</summary>
    public long Row(int index) => _rows[index];

    /// <summary>Adds the images of a batch.</summary>
    /// <exception cref="IOException">The disk is full, or the temporary folder cannot be written to.</exception>
    public void Add(ImageBatch batch)
    {
        for (int i = 0; i < batch.Count; i++)
        {
            _places.Add(Keep(batch, i));
            _labels.Add(batch.Labels[i]);
            _rows.Add(batch.Rows[i]);
        }
    }

    /// <summary>Writes canvases after one another.</summary>
    /// <param name="indices">The images, in any order.</param>
    /// <param name="target">[indices, channels, CanvasHeight, CanvasWidth].</param>
    public void Fill(ReadOnlySpan<int> indices, Span<byte> target) =>
        Fill(indices, target, _decoder.CanvasBytes, (_, index, canvas) => Read(index, canvas));

    /// <summary>Makes something of each image's canvas, several at once.</summary>
    /// <param name="indices">The images.</param>
    /// <param name="target">Receives what is made, one after another, of equal sizes.</param>
    /// <param name="use">Makes it.</param>
    public void FillEach(ReadOnlySpan<int> indices, Span<byte> target, UseImage use) =>
        Fill(
            indices,
            target,
            target.Length / Math.Max(1, indices.Length),
            (place, index, image) =>
            {
                byte[] canvas = ArrayPool<byte>.Shared.Rent(_decoder.CanvasBytes);
                Read(index, canvas);
                use(place, index, canvas.AsSpan(0, _decoder.CanvasBytes), image);
                ArrayPool<byte>.Shared.Return(canvas);
            }
        );

    /// <summary>An image's canvas, [channels, CanvasHeight, CanvasWidth].</summary>
    public byte[] Canvas(int index)
    {
        var canvas = new byte[_decoder.CanvasBytes];
        Read(index, canvas);
        return canvas;
    }

    /// <summary>Writes the center crops of canvases after one another: the network's input without augmentation.</summary>
    /// <param name="indices">The images, in any order.</param>
    /// <param name="target">[indices, channels, Height, Width].</param>
    public void FillCenterCrops(ReadOnlySpan<int> indices, Span<byte> target) =>
        Fill(
            indices,
            target,
            _decoder.InputBytes,
            (_, index, crop) =>
            {
                byte[] canvas = ArrayPool<byte>.Shared.Rent(_decoder.CanvasBytes);
                Read(index, canvas);
                _decoder.CropCenter(canvas, crop);
                ArrayPool<byte>.Shared.Return(canvas);
            }
        );

    /// <summary>Writes augmented images after one another.</summary>
    /// <param name="indices">The images, in any order.</param>
    /// <param name="epoch">The epoch whose draws are wanted.</param>
    /// <param name="augmenter">The augmenter of each canvas.</param>
    /// <param name="target">[indices, channels, Height, Width].</param>
    public void FillAugmented(ReadOnlySpan<int> indices, long epoch, ImageAugmenter augmenter, Span<byte> target) =>
        Fill(
            indices,
            target,
            augmenter.OutputSize,
            (_, index, image) =>
            {
                byte[] canvas = ArrayPool<byte>.Shared.Rent(_decoder.CanvasBytes);
                Read(index, canvas);
                augmenter.Apply(canvas, epoch, _rows[index], image);
                ArrayPool<byte>.Shared.Return(canvas);
            }
        );

    public void Dispose() => _canvases.Dispose();

    /// <summary>Makes something of the canvas of an image.</summary>
    /// <param name="place">The image's place among those that are asked for.</param>
    /// <param name="index">The image.</param>
    /// <param name="canvas">Its canvas.</param>
    /// <param name="target">Receives what is made.</param>
    public delegate void UseImage(int place, int index, ReadOnlySpan<byte> canvas, Span<byte> target);

    private delegate void ReadImage(int place, int index, Span<byte> target);

    private int Keep(ImageBatch batch, int i)
    {
        if (!_canvases.HasRoom && batch.Keys[i] is { } key && _decoder.Cache!.Contains(key))
        {
            _cached.Add((key, batch.Source));
            return ~(_cached.Count - 1);
        }
        _canvases.Add(batch.Pixels.Slice(i * _decoder.CanvasBytes, _decoder.CanvasBytes));
        return _canvases.Count - 1;
    }

    private void Read(int index, Span<byte> canvas)
    {
        int place = _places[index];
        if (place >= 0)
        {
            _canvases.Read(place, canvas);
            return;
        }
        (DecodedImageCache.Key key, ImageRows source) = _cached[~place];
        if (!_decoder.Cache!.TryRead(key, canvas))
            source.DecodeAgain(_rows[index], canvas, key);
    }

    private static void Fill(ReadOnlySpan<int> indices, Span<byte> target, int bytes, ReadImage read)
    {
        if (target.Length < (long)indices.Length * bytes)
            throw new ArgumentException(
                $"{indices.Length} images take {(long)indices.Length * bytes} bytes, not {target.Length}.",
                nameof(target)
            );
        int threads = Math.Min(Environment.ProcessorCount, indices.Length / MinRowsPerThread);
        if (threads <= 1)
        {
            for (int i = 0; i < indices.Length; i++)
                read(i, indices[i], target.Slice(i * bytes, bytes));
            return;
        }
        fixed (int* index = indices)
        fixed (byte* first = target)
        {
            // Lambdas capture no spans and no fixed pointers, but addresses.
            (nint indexAddress, nint firstAddress) = ((nint)index, (nint)first);
            try
            {
                Parallel.For(
                    0,
                    indices.Length,
                    new ParallelOptions { MaxDegreeOfParallelism = threads },
                    i => read(i, ((int*)indexAddress)[i], new Span<byte>((byte*)firstAddress + ((long)i * bytes), bytes))
                );
            }
            catch (AggregateException e) when (e.InnerException is IOException or InvalidImageException)
            {
                ExceptionDispatchInfo.Throw(e.InnerException);
            }
        }
    }
}
