using Microsoft.ML.Data;

namespace MLNetExtensions.Data.Sources;

/// <summary>Images that are in memory.</summary>
internal sealed class MemoryStore(Func<int, byte[]> bytesOf) : IImageStore, IImageReader
{
    public IImageReader Open() => this;

    public void Read(int row, ref VBuffer<byte> encoded)
    {
        byte[] bytes = bytesOf(row);
        VBufferEditor<byte> editor = VBufferEditor.Create(ref encoded, bytes.Length);
        bytes.CopyTo(editor.Values); // the caller may write to what it gets
        encoded = editor.Commit();
    }

    public void Dispose() { }
}
