"""In which language a short reply is written, as far as it can be told."""

import pytest

from benchmark.detector.language import detect_language, is_wrong_language
from languages import available, load

SHORT = {
    "en": [
        "Rome is the capital of Italy.",
        "The sum of both numbers is twelve, so B.",
        "Water boils at one hundred degrees.",
        "I compare the four options with each other.",
        "A triangle has three sides and three angles.",
        "Kepler found the laws of planetary motion.",
        "That is why option C is correct.",
        "Photosynthesis takes place in the leaves.",
        "Nothing else fits, hence the second option.",
        "Let me check: the train needs two hours.",
    ],
    "es": [
        "Roma es la capital de Italia.",
        "La suma de ambos números es doce, luego B.",
        "El agua hierve a cien grados.",
        "Comparo las cuatro opciones entre sí.",
        "Un triángulo tiene tres lados y tres ángulos.",
        "Kepler descubrió las leyes del movimiento planetario.",
        "Por eso la opción C es correcta.",
        "La fotosíntesis ocurre en las hojas.",
        "Madrid es la capital de España.",
        "El tren tarda dos horas en total.",
    ],
    "fr": [
        "Rome est la capitale de l'Italie.",
        "La somme des deux nombres est douze, donc B.",
        "L'eau bout à cent degrés.",
        "Je compare les quatre options entre elles.",
        "Un triangle a trois côtés et trois angles.",
        "Kepler a découvert les lois du mouvement planétaire.",
        "C'est pourquoi l'option C est correcte.",
        "La photosynthèse a lieu dans les feuilles.",
        "Paris est la capitale de la France.",
        "Le train met deux heures au total.",
    ],
    "de": [
        "Rom ist die Hauptstadt von Italien.",
        "Die Summe beider Zahlen ist zwölf, also B.",
        "Wasser siedet bei hundert Grad.",
        "Ich vergleiche die vier Optionen miteinander.",
        "Ein Dreieck hat drei Seiten und drei Winkel.",
        "Kepler fand die Gesetze der Planetenbewegung.",
        "Deshalb ist Option C richtig.",
        "Die Photosynthese findet in den Blättern statt.",
        "Berlin ist die Hauptstadt von Deutschland.",
        "Der Zug braucht insgesamt zwei Stunden.",
    ],
    "vi": [
        "Roma là thủ đô của nước Ý.",
        "Tổng của hai số là mười hai, vậy chọn B.",
        "Nước sôi ở một trăm độ.",
        "Tôi so sánh bốn phương án với nhau.",
        "Tam giác có ba cạnh và ba góc.",
        "Kepler tìm ra các định luật chuyển động hành tinh.",
        "Vì vậy phương án C là đúng.",
        "Quang hợp diễn ra ở lá cây.",
        "Hà Nội là thủ đô của Việt Nam.",
        "Tàu đi hết tổng cộng hai giờ.",
    ],
    "sw": [
        "Roma ni mji mkuu wa Italia.",
        "Jumla ya namba zote mbili ni kumi na mbili, kwa hiyo B.",
        "Maji huchemka kwa nyuzi mia moja.",
        "Ninalinganisha chaguo zote nne.",
        "Pembetatu ina pande tatu na pembe tatu.",
        "Kepler aligundua sheria za mwendo wa sayari.",
        "Kwa hiyo chaguo C ni sahihi.",
        "Usanisinuru hufanyika kwenye majani.",
        "Dodoma ni mji mkuu wa Tanzania.",
        "Treni inachukua saa mbili kwa jumla.",
    ],
    "zh": [
        "罗马是意大利的首都，这是众所周知的常识。",
        "两个数的和等于十二，所以正确答案应该选B。",
        "水在一个标准大气压下一百摄氏度沸腾。",
        "我把四个选项逐一进行比较，然后再决定。",
        "三角形有三条边和三个角，因此选第三项。",
        "开普勒发现了行星运动的三大定律，所以选他。",
        "因此选项C是正确的，其他选项都不符合。",
        "光合作用主要发生在植物的叶片之中。",
        "北京是中国的首都，所以答案是第一项。",
        "火车总共需要两个小时才能到达终点站。",
    ],
    "ja": [
        "ローマはイタリアの首都です。",
        "二つの数の和は十二なので、答えはBです。",
        "水は百度で沸騰することが知られています。",
        "四つの選択肢を互いに比べてみます。",
        "三角形には三つの辺と三つの角があります。",
        "ケプラーは惑星運動の法則を発見しました。",
        "したがって、選択肢Cが正しいです。",
        "光合成は植物の葉で行われます。",
        "東京は日本の首都であり、答えは明らかです。",
        "列車は全部で二時間かかります。",
    ],
    "ko": [
        "로마는 이탈리아의 수도입니다. 그래서 정답입니다.",
        "두 수의 합은 십이이므로 정답은 B입니다.",
        "물은 백 도에서 끓는다고 알려져 있습니다.",
        "네 가지 선택지를 서로 비교해 보겠습니다.",
        "삼각형에는 세 변과 세 각이 있습니다.",
        "케플러는 행성 운동의 법칙을 발견했습니다.",
        "따라서 선택지 C가 맞다고 생각합니다.",
        "광합성은 주로 식물의 잎에서 일어납니다.",
        "서울은 대한민국의 수도이므로 답은 분명합니다.",
        "기차는 모두 합해서 두 시간이 걸립니다.",
    ],
    "ar": [
        "روما هي عاصمة إيطاليا.",
        "مجموع العددين اثنا عشر، إذن B.",
        "يغلي الماء عند مئة درجة.",
        "أقارن الخيارات الأربعة ببعضها.",
        "للمثلث ثلاثة أضلاع وثلاث زوايا.",
        "اكتشف كبلر قوانين حركة الكواكب.",
        "لذلك فالخيار C صحيح تمامًا.",
        "يحدث البناء الضوئي في الأوراق.",
        "القاهرة هي عاصمة مصر.",
        "يستغرق القطار ساعتين في المجموع.",
    ],
    "ru": [
        "Рим — столица Италии.",
        "Сумма обоих чисел равна двенадцати, значит B.",
        "Вода кипит при ста градусах.",
        "Я сравниваю четыре варианта между собой.",
        "У треугольника три стороны и три угла.",
        "Кеплер открыл законы движения планет.",
        "Поэтому вариант C верен.",
        "Фотосинтез происходит в листьях.",
        "Москва — столица России.",
        "Поезд идёт всего два часа.",
    ],
    "te": [
        "రోమ్ ఇటలీ దేశ రాజధాని.",
        "రెండు సంఖ్యల మొత్తం పన్నెండు, కాబట్టి B.",
        "నీరు వంద డిగ్రీల వద్ద మరుగుతుంది.",
        "నాలుగు ఎంపికలను పోల్చి చూస్తాను.",
        "త్రిభుజానికి మూడు భుజాలు ఉంటాయి.",
        "కెప్లర్ గ్రహ గమన నియమాలను కనుగొన్నాడు.",
        "అందువల్ల C ఎంపిక సరైనది.",
        "కిరణజన్య సంయోగక్రియ ఆకులలో జరుగుతుంది.",
        "హైదరాబాద్ తెలంగాణ రాజధాని.",
        "రైలుకు మొత్తం రెండు గంటలు పడుతుంది.",
    ],
    "bn": [
        "রোম ইতালির রাজধানী।",
        "দুটি সংখ্যার যোগফল বারো, তাই B।",
        "জল একশো ডিগ্রিতে ফোটে।",
        "আমি চারটি বিকল্প তুলনা করি।",
        "ত্রিভুজের তিনটি বাহু ও তিনটি কোণ আছে।",
        "কেপলার গ্রহের গতির সূত্র আবিষ্কার করেন।",
        "তাই বিকল্প C সঠিক।",
        "সালোকসংশ্লেষ পাতায় ঘটে।",
        "ঢাকা বাংলাদেশের রাজধানী।",
        "ট্রেনের মোট দুই ঘণ্টা লাগে।",
    ],
}
# Names and terms in Latin script, which have more letters than the sentence has signs.
MIXED = {
    "zh": [
        "选项A是 Newton，B是 Einstein，C是 Galileo Galilei，D是 Johannes Kepler。"
        "发现行星运动三定律的是 Kepler，所以选D。",
        "根据 Michael Jordan 和 Kobe Bryant 的数据比较，得分更高的是 Michael Jordan，选B。",
        "Python 的 dictionary 和 JavaScript 的 object 类似，因此答案是C，不是 array。",
        "这首歌由 The Rolling Stones 演唱，而不是 The Beatles，因此选择A。",
        "Romeo and Juliet 的作者是 William Shakespeare，所以第二项正确。",
        "photosynthesis 发生在 chloroplast 里，respiration 发生在 mitochondria 里，所以选C。",
        "他毕业于 Massachusetts Institute of Technology，后来去了 Stanford University 工作。",
        "选项里 New York 和 Los Angeles 都不是首都，首都是 Washington，选D。",
        "Leonardo da Vinci 画了 Mona Lisa，Vincent van Gogh 画了 Starry Night，所以选A。",
        "HTTP 是 Hypertext Transfer Protocol 的缩写，因此正确答案就是第一个选项。",
    ],
    "ja": [
        "選択肢はNewton、Einstein、Galileo Galilei、Johannes Keplerです。惑星の法則を見つけたのはKeplerです。",
        "Michael JordanとKobe Bryantを比べると、得点が多いのはMichael Jordanです。",
        "PythonのdictionaryはJavaScriptのobjectに似ているので、答えはCです。",
        "この曲はThe Rolling Stonesのもので、The Beatlesではありません。",
        "Romeo and Julietの作者はWilliam Shakespeareなので二番が正しいです。",
        "photosynthesisはchloroplastで、respirationはmitochondriaで起こります。",
        "彼はMassachusetts Institute of Technologyを卒業し、Stanfordで働きました。",
        "New YorkもLos Angelesも首都ではなく、首都はWashingtonです。",
        "Leonardo da VinciがMona Lisaを、Vincent van GoghがStarry Nightを描いた。",
        "HTTPはHypertext Transfer Protocolの略なので、最初の選択肢です。",
    ],
    "ko": [
        "보기는 Newton, Einstein, Galileo Galilei, Johannes Kepler입니다. 행성 법칙을 발견한 사람은 Kepler입니다.",
        "Michael Jordan과 Kobe Bryant를 비교하면 득점이 더 많은 쪽은 Michael Jordan입니다.",
        "Python의 dictionary는 JavaScript의 object와 비슷하므로 답은 C입니다.",
        "이 노래는 The Rolling Stones의 곡이지 The Beatles의 곡이 아닙니다.",
        "Romeo and Juliet의 작가는 William Shakespeare이므로 두 번째가 맞습니다.",
        "photosynthesis는 chloroplast에서, respiration은 mitochondria에서 일어납니다.",
        "그는 Massachusetts Institute of Technology를 졸업하고 Stanford에서 일했습니다.",
        "New York도 Los Angeles도 수도가 아니고 수도는 Washington입니다.",
        "Leonardo da Vinci는 Mona Lisa를, Vincent van Gogh는 Starry Night를 그렸습니다.",
        "HTTP는 Hypertext Transfer Protocol의 약자이므로 첫 번째 보기입니다.",
    ],
}
# The other way round: English about words of another script.
ENGLISH = [
    "The character 水 means water, and 火 means fire, so the answer should be C.",
    "In Japanese the word for cat is ねこ, so the second option fits best.",
    "The capital of Korea is Seoul (서울), which is why I choose option B here.",
    "The Chinese title 红楼梦 is known in English as Dream of the Red Chamber.",
    "Kanji such as 日本 are read Nihon; that makes the third statement true.",
    "Option A is 光合作用, option B is 呼吸作用; the one that takes place in leaves is the first.",
    "The question is 植物在叶片中进行的过程是什么, and I need to pick one of the four options given.",
]
# Languages without a file here, some of them close to one that has.
STRANGERS = {
    "pt": [
        "Roma é a capital da Itália, portanto a resposta correta não pode ser outra.",
        "A soma dos dois números é doze, então escolho a segunda opção.",
    ],
    "it": [
        "Roma è la capitale dell'Italia, quindi la risposta giusta è la seconda.",
        "La somma dei due numeri è dodici, perciò scelgo la lettera indicata.",
    ],
    "ca": [
        "La suma dels dos nombres és dotze, així que trio la segona opció perquè és l'única que encaixa.",
    ],
    "nl": [
        "De som van beide getallen is twaalf, dus ik kies het tweede antwoord.",
        "Ik vergelijk de vier mogelijkheden met elkaar en kies de laatste.",
    ],
    "id": [
        "Jumlah kedua bilangan itu adalah dua belas, jadi saya memilih jawaban kedua.",
        "Ibu kota Italia adalah Roma, sehingga jawaban yang benar adalah yang pertama.",
    ],
    "pl": [
        "Suma obu liczb wynosi dwanaście, więc wybieram drugą odpowiedź.",
    ],
    "tr": [
        "İki sayının toplamı on ikidir, bu yüzden ikinci seçeneği seçiyorum.",
    ],
    "ro": [
        "Suma celor două numere este doisprezece, deci aleg al doilea răspuns.",
    ],
    "sv": [
        "Summan av båda talen är tolv, så jag väljer det andra alternativet.",
    ],
}
LATIN = [code for code in SHORT if load(code).language.script == "Latn"]


def test_every_language_has_its_replies():
    assert set(SHORT) == set(available())


@pytest.mark.parametrize("code", SHORT)
def test_no_short_reply_is_taken_for_another_language(code):
    found = {text: detect_language(text, code) for text in SHORT[code]}
    assert not {text: language for text, language in found.items() if language not in (code, "und")}


@pytest.mark.parametrize("code", MIXED)
def test_latin_names_do_not_change_the_language(code):
    # Little but names may look romanised ("zh-Latn"), never like another language.
    assert not [text for text in MIXED[code] if is_wrong_language(detect_language(text, code), code)]
    assert len([text for text in MIXED[code] if detect_language(text, code) == code]) >= len(MIXED[code]) - 1
    assert {detect_language(text, code) for text in ENGLISH} == {"en"}


@pytest.mark.parametrize("code", SHORT)
def test_a_reply_in_another_language_is_found(code):
    for other in SHORT:
        if other != code:
            first, second = " ".join(SHORT[other][:5]), " ".join(SHORT[other][5:])
            assert [detect_language(text, code) for text in (first, second)] == [other, other]
    for texts in STRANGERS.values():
        assert all(is_wrong_language(detect_language(text, code), code) for text in texts) or code not in LATIN


def test_one_clear_sentence_is_enough_to_find_another_language():
    assert detect_language("The sum of both numbers is twelve, so B.", "de") == "en"
    assert detect_language("Roma è la capitale dell'Italia, quindi la risposta giusta è la seconda.", "es") == "it"
