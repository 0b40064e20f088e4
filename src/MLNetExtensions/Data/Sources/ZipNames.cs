using System.Text;

namespace MLNetExtensions.Data.Sources;

/// <summary>
/// The names of zip entries that are not marked as UTF-8: UTF-8 all the same where they are valid as that (macOS and many libraries do not
/// set the mark), and else code page 437, as the zip format has it.
/// </summary>
internal sealed class ZipNames : Encoding
{
    private const string UpperHalf =
        "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0";

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    public static ZipNames Instance { get; } = new();

    public override int GetMaxByteCount(int charCount) => Strict.GetMaxByteCount(charCount);

    public override int GetMaxCharCount(int byteCount) => Strict.GetMaxCharCount(byteCount);

    public override int GetByteCount(char[] chars, int index, int count) => Strict.GetByteCount(chars, index, count);

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) =>
        Strict.GetBytes(chars, charIndex, charCount, bytes, byteIndex);

    public override int GetCharCount(byte[] bytes, int index, int count) => Text(bytes.AsSpan(index, count)).Length;

    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex)
    {
        string text = Text(bytes.AsSpan(byteIndex, byteCount));
        text.CopyTo(chars.AsSpan(charIndex));
        return text.Length;
    }

    private static string Text(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return string.Create(
                bytes.Length,
                bytes,
                (chars, from) =>
                {
                    for (int i = 0; i < chars.Length; i++)
                        chars[i] = from[i] < 128 ? (char)from[i] : UpperHalf[from[i] - 128];
                }
            );
        }
    }
}
