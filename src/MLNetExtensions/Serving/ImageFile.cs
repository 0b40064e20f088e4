using MLNetExtensions.Imaging.Decoding;

namespace MLNetExtensions.Serving;

/// <summary>A file.</summary>
internal sealed class ImageFile(string path) : RequestImage
{
    public override void Decode(ImageDecoder decoder, Span<byte> canvas) => decoder.DecodeFile(path, canvas);
}
