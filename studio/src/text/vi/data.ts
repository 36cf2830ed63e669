import type { data as english } from '../en/data.js'

export const data: typeof english = {
  title: 'Dữ liệu',
  lead: (train, test, classes) => `${train} ảnh huấn luyện và ${test} ảnh test thuộc ${classes} lớp.`,
  sections: 'Các phần của trang',
  tabs: { browse: 'Duyệt', means: 'Ảnh trung bình', map: 'Bản đồ', suspicious: 'Nhãn đáng ngờ' },
  split: 'Tập ảnh',
  test: 'Test',
  train: 'Huấn luyện',
  class: 'Lớp',
  all: 'Tất cả',
  index: 'Số thứ tự',
  testIndex: 'Ảnh test',
  show: 'Xem',
  size: 'Kích thước',
  meanPixel: 'Độ sáng trung bình',
  ask: 'Hỏi các mô hình',
  meansLead: 'Điểm chung của mọi ảnh huấn luyện trong một lớp: trung bình của từng điểm ảnh.',
  mapLead:
    'Những ảnh mà mô hình cho là giống nhau nằm gần nhau. Dùng con lăn để phóng to, kéo để di chuyển, bấm vào một điểm để mở ảnh.',
  mapTitle: (count, layer) => `${count} ảnh test theo layer ${layer}`,
  mapAlt: (count) => `Bản đồ của ${count} ảnh test; danh sách theo lớp nằm ở mục Duyệt`,
  arranged: 'Sắp xếp theo',
  byComponents: 'Thành phần chính',
  byNeighbours: 'Láng giềng (UMAP)',
  neighbours:
    'UMAP: những ảnh mà layer cho là giống nhau ở cạnh nhau. Các trục và khoảng cách giữa các nhóm không có nhiều ý nghĩa.',
  explained: (first, second) =>
    `Thành phần chính: trục ngang giải thích ${first} phương sai, trục dọc giải thích ${second}.`,
  takenFor: (name) => `bị nhầm thành ${name}`,
  noModels: 'Bản đồ cần một mô hình đã huấn luyện.',
  suspiciousLead: 'Những nhãn có vẻ sai đối với các mô hình chưa từng học chúng, đáng ngờ nhất trước.',
  notAudited:
    'Nhãn của bộ dữ liệu này chưa được kiểm tra ở đây. Chỉ mất vài phút, rồi trang này cho thấy kết quả:',
  estimated: (errors, images) => `Khoảng ${errors} trong ${images} nhãn có vẻ sai hoặc đáng ngờ.`,
  labelled: (name) => `nhãn là ${name}`,
}
