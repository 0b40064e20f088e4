using MLNetExtensions.Imaging.Decoding;

namespace MLNetExtensions.Serving;

/// <summary>Bytes that stay the caller's.</summary>
internal sealed class EncodedBytes(ReadOnlyMemory<byte> bytes) : RequestImage
{
    public override bool IsCallers => true;

    public override void Decode(ImageDecoder decoder, Span<byte> canvas) => decoder.DecodeBytes(bytes.Span, canvas);
}
